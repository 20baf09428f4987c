using System.CommandLine;
using System.Globalization;
using Intellect3.Cluster.Host.Evaluation;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Inference;
using Intellect3.Model.Rendering;
using Intellect3.Model.Tokenization;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>generate</c>: one text of a model.</summary>
internal sealed class GenerateCommand : Command
{
    private const int DefaultTokens = 256;

    private readonly Option<string> _model = CommonOptions.Required("--model", "DIR", "A model folder: RUNDIR/final, or any in Hugging Face's layout.");
    private readonly Option<string?> _prompt = new("--prompt") { HelpName = "TEXT", Description = "The text to go on from." };
    private readonly Option<string?> _promptIds = new("--prompt-ids") { HelpName = "1,2,3", Description = "The same as token ids, taken as they are; needs no tokenizer." };
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Take the most likely token each time, instead of sampling at temperature 1." };
    private readonly Option<ulong?> _seed = CommonOptions.Seed("Seed of the sample: the same seed gives the same text. Default: 0.");
    private readonly Option<int?> _maxTokens = CommonOptions.Integer("--max-tokens", 1, $"The most tokens to generate. Default: {DefaultTokens}.");
    private readonly Option<bool> _ignoreEos = new("--ignore-eos") { Description = "Go on after an end-of-sequence token, to the most tokens." };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public GenerateCommand(HostContext context)
        : base("generate", "Let a model go on from a text.")
    {
        _context = context;
        foreach (var option in (Option[])[_model, _prompt, _promptIds, _greedy, _seed, _maxTokens, _ignoreEos, _json])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var folder = call.GetRequiredValue(_model);
        var config = ModelFolder.LoadConfig(folder);
        var (prompt, renderer) = ReadPrompt(call, folder);
        var request = new GenerationRequest
        {
            Id = 0,
            PromptIds = prompt,
            MaxTokens = call.GetValue(_maxTokens) ?? DefaultTokens,
            StopTokenIds = call.GetValue(_ignoreEos) ? [] : config.EosTokenIds,
            Sampling = call.GetValue(_greedy) ? SamplingParameters.Greedy : SamplingParameters.Default,
            Key = new SamplingKey(call.GetValue(_seed) ?? 0, Prompt: 0, Rollout: 0),
        };
        var result = await LocalEngine.OnThreadAsync(() => Generate(folder, request, stop));
        var text = renderer?.ParseResponse(result.TokenIds);
        _context.Output.WriteLine(call.GetValue(_json)
            ? Json.Line(new { prompt_ids = prompt, ids = result.TokenIds, logprobs = result.LogProbabilities, text, finish_reason = result.Reason == FinishReason.Stop ? "stop" : "length" })
            : text ?? string.Join(',', result.TokenIds));
        return ExitCode.Success;
    }

    private static GenerationResult Generate(string folder, GenerationRequest request, CancellationToken stop)
    {
        using var local = LocalEngine.Open(folder, slots: 1, longest: (long)request.PromptIds.Length + request.MaxTokens);
        try
        {
            local.Engine.Submit(request);
        }
        catch (InvalidGenerationRequestException e)
        {
            throw new CommandException("the model cannot go on from this prompt", $"{e.Message}.", "Change the prompt.");
        }

        var finished = new List<GenerationResult>();
        while (finished.Count == 0)
        {
            stop.ThrowIfCancellationRequested();
            local.Engine.Step(finished);
        }

        return finished[0];
    }

    // A prompt of ids needs no tokenizer; with none in the folder there is no text.
    private (int[] Ids, IRenderer? Renderer) ReadPrompt(ParseResult call, string folder) => (call.GetValue(_prompt), call.GetValue(_promptIds)) switch
    {
        ({ } text, null) when new PlainRenderer(TokenizerFile.Load(folder), []) is var renderer => ([.. renderer.Render([("user", text)])[0].TokenIds], renderer),
        (null, { } ids) => (ParseIds(ids), File.Exists(Path.Combine(folder, "tokenizer.json")) ? new PlainRenderer(TokenizerFile.Load(folder), []) : null),
        _ => throw new CommandException("generate takes one of --prompt and --prompt-ids", null, "Write for example: intellect3 generate --model DIR --prompt 'text'"),
    };

    private static int[] ParseIds(string text)
    {
        try
        {
            return [.. text.Split(',').Select(id => int.Parse(id, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new CommandException($"--prompt-ids {text} is not valid", "It must be token ids, whole numbers of at least 0, with commas between.", "Write for example: --prompt-ids 1,20,21");
        }
    }
}
