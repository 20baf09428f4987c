using System.Text.Json;
using FsCheck.Xunit;
using Intellect3.Environments.Verifiers.Text;

namespace Intellect3.Environments.Tests.Verifiers;

public class SequenceMatcherTests
{
    private static readonly JsonElement Fixture = JsonDocument.Parse(File.ReadAllText("Fixtures/difflib.json")).RootElement;

    [Fact]
    public void Texts_agree_exactly_with_difflib()
    {
        foreach (var expected in Fixture.GetProperty("cases").EnumerateArray())
        {
            var (a, b) = (expected.GetProperty("a").GetString()!, expected.GetProperty("b").GetString()!);
            var matcher = SequenceMatcher.OfText(a, b);
            Assert.Equal(expected.GetProperty("ratio").GetDouble(), matcher.Ratio);
            Assert.Equal(expected.GetProperty("ratio_no_autojunk").GetDouble(), SequenceMatcher.OfText(a, b, autojunk: false).Ratio);
            Assert.Equal(expected.GetProperty("matches").GetInt32(), matcher.Matches);
            if (expected.TryGetProperty("matching_blocks", out var blocks))
            {
                Assert.Equal(blocks.EnumerateArray().Select(x => new MatchingBlock(x[0].GetInt32(), x[1].GetInt32(), x[2].GetInt32())), matcher.MatchingBlocks);
            }

            if (expected.TryGetProperty("opcodes", out var opcodes))
            {
                Assert.Equal(
                    opcodes.EnumerateArray().Select(x => new Edit(Enum.Parse<EditKind>(x[0].GetString()!, ignoreCase: true), x[1].GetInt32(), x[2].GetInt32(), x[3].GetInt32(), x[4].GetInt32())),
                    matcher.Edits());
            }
        }
    }

    [Fact]
    public void Lists_of_lines_agree_exactly_with_difflib()
    {
        foreach (var expected in Fixture.GetProperty("lines").EnumerateArray())
        {
            var (a, b) = (Lines(expected.GetProperty("a")), Lines(expected.GetProperty("b")));
            Assert.Equal(expected.GetProperty("ratio").GetDouble(), SequenceMatcher.Of(a, b).Ratio);
            Assert.Equal(expected.GetProperty("ratio_no_autojunk").GetDouble(), SequenceMatcher.Of(a, b, autojunk: false).Ratio);
        }

        static List<string> Lines(JsonElement lines) => [.. lines.EnumerateArray().Select(line => line.GetString()!)];
    }

    [Fact]
    public void The_fixture_has_all_its_cases_and_autojunk_matters_in_some()
    {
        var cases = Fixture.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(153, cases.Count);
        Assert.Equal(16, Fixture.GetProperty("lines").GetArrayLength());
        Assert.Contains(cases, c => c.GetProperty("ratio").GetDouble() != c.GetProperty("ratio_no_autojunk").GetDouble());
        Assert.Contains(cases, c => c.TryGetProperty("opcodes", out _));
    }

    [Fact]
    public void A_lone_surrogate_is_an_element_of_its_own()
    {
        Assert.Equal(1, SequenceMatcher.OfText("\uD83D", "\uD83D").Ratio);
        Assert.Equal(0, SequenceMatcher.OfText("\uD83D", "\uDE00").Ratio);
        Assert.Equal(0, SequenceMatcher.OfText("\uD83D", "\uD83D\uDE00").Ratio);
    }

    [Property]
    public void Edits_turn_the_first_list_into_the_second(byte[] first, byte[] second)
    {
        // Few distinct elements, so that blocks are many.
        var (a, b) = (first.Select(x => x % 4).ToList(), second.Select(x => x % 4).ToList());
        var result = SequenceMatcher.Of(a, b).Edits().SelectMany(edit => edit.Kind == EditKind.Equal ? a[edit.AStart..edit.AEnd] : b[edit.BStart..edit.BEnd]);
        Assert.Equal(b, result);
    }

    [Property]
    public void Finds_the_blocks_that_the_definition_gives(byte[] first, byte[] second)
    {
        var (a, b) = (first.Select(x => x % 3).ToList(), second.Select(x => x % 3).ToList());
        Assert.Equal(ByDefinition(a, 0, a.Count, b, 0, b.Count), SequenceMatcher.Of(a, b, autojunk: false).Matches);
    }

    // Elements in blocks, found by trying every pair of places.
    private static int ByDefinition(List<int> a, int aLow, int aHigh, List<int> b, int bLow, int bHigh)
    {
        var (bestA, bestB, best) = (aLow, bLow, 0);
        for (var i = aLow; i < aHigh; i++)
        {
            for (var j = bLow; j < bHigh; j++)
            {
                var length = 0;
                while (i + length < aHigh && j + length < bHigh && a[i + length] == b[j + length])
                {
                    length++;
                }

                if (length > best)
                {
                    (bestA, bestB, best) = (i, j, length);
                }
            }
        }

        return best == 0 ? 0 : best + ByDefinition(a, aLow, bestA, b, bLow, bestB) + ByDefinition(a, bestA + best, aHigh, b, bestB + best, bHigh);
    }
}
