using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Model.Rendering;
using Intellect3.Model.Tests.Tokenization;
using Intellect3.Model.Tokenization;
using Property = FsCheck.Property;

namespace Intellect3.Model.Tests.Rendering;

/// <summary>Rendering only ever appends: what the policy has seen stays a prefix of what it sees next.</summary>
public sealed class PlainRendererTests
{
    private static readonly PlainRenderer Renderer = new(new CharacterTokenizer(), ["\n"]);

    /// <summary>prompt + sampled + bridge are the tokens of the whole conversation rendered anew.</summary>
    [Property]
    public Property A_turn_extends_the_prompt() => Prop.ForAll(CharacterTokenizerTests.Texts.ArrayOf(3).ToArbitrary(), texts =>
    {
        var prompt = Tokens([("user", texts[0])]);
        var sampled = Renderer.Tokenizer.Encode(texts[1] + "\n");
        (string, string) reply = ("user", texts[2]);
        int[] extended = [.. prompt, .. sampled, .. Renderer.BridgeToNextTurn(sampled, [reply])];

        Assert.Equal(Tokens([("user", texts[0]), ("assistant", Renderer.ParseResponse(sampled)), reply]), extended);
    });

    [Property]
    public Property The_response_is_the_sampled_text() => Prop.ForAll(CharacterTokenizerTests.Texts.ToArbitrary(), text =>
    {
        var sampled = Renderer.Tokenizer.Encode(text);
        Assert.Equal(text, Renderer.ParseResponse(sampled));
        Assert.Equal(text, Renderer.ParseResponse([.. sampled, Renderer.EosTokenId]));
    });

    [Fact]
    public void The_opening_token_belongs_to_the_first_message()
    {
        var rendered = Renderer.Render([("system", "ab"), ("user", "")]);
        Assert.Equal([0, 1], rendered.Select(m => m.Index));
        Assert.Equal([Renderer.BosTokenId, .. Renderer.Tokenizer.Encode("ab")], rendered[0].TokenIds);
        Assert.Empty(rendered[1].TokenIds);
    }

    [Fact]
    public void An_unknown_token_is_shown_in_the_response() => Assert.Equal("a<unk>", Renderer.ParseResponse([.. Renderer.Tokenizer.Encode("aé")]));

    [Fact]
    public void Stop_tokens_are_eos_and_the_stop_sequences() => Assert.Equal([CharacterTokenizer.EosId, CharacterTokenizer.NewlineId], Renderer.StopTokenIds);

    [Theory]
    [InlineData("ab")]
    [InlineData("é")]
    [InlineData("")]
    public void A_stop_sequence_that_is_not_one_token_is_refused(string stop) =>
        Assert.Contains($"'{stop}' is not one token", Assert.Throws<ArgumentException>(() => new PlainRenderer(new CharacterTokenizer(), [stop])).Message, StringComparison.Ordinal);

    private static IEnumerable<int> Tokens((string, string)[] messages) => Renderer.Render(messages).SelectMany(m => m.TokenIds);
}
