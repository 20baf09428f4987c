using System.CommandLine;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>Options that several commands share, and how their values are checked: as settings are.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "For programs: one JSON object a line on standard output, everything else on standard error." };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Set one setting; may be given many times.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    public static Argument<string?> RecipeOrFile() => new("recipe")
    {
        Description = $"A recipe's name or a settings file (HOCON). Default: {RecipeFolder.Default}.",
        HelpName = "RECIPE|FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [{ Value: ['-', ..] option }])
                {
                    result.AddError($"'{option}' is no recipe");
                }
            },
        },
    };

    public static Option<string> Required(string name, string valueName, string description) => new(name) { HelpName = valueName, Description = description, Required = true };

    /// <summary>A whole number; the option is null when it is not given.</summary>
    public static Option<int?> Integer(string name, int minimum, string description) => Of<int, int?>(name, new NumberKind<int>(minimum, null), "N", description, value => value);

    public static Option<long?> Rate(string name, string description) => Of<long, long?>(name, new NumberKind<long>(0, null), "BYTES_PER_SECOND", description, value => value);

    public static Option<ulong?> Seed(string description) => Of<ulong, ulong?>("--seed", new NumberKind<ulong>(0, null), "N", description, value => value);

    public static Option<string?> Choice(string name, string[] choices, string description) =>
        Of<string, string?>(name, new ChoiceKind(choices), string.Join('|', choices), description, value => value);

    private static Option<TOption> Of<TValue, TOption>(string name, ValueKind<TValue> kind, string valueName, string description, Func<TValue, TOption> convert) => new(name)
    {
        HelpName = valueName,
        Description = description,
        CustomParser = result =>
        {
            try
            {
                return convert(kind.Parse(result.Tokens[0].Value));
            }
            catch (FormatException e)
            {
                result.AddError($"{name} {result.Tokens[0].Value} is not valid. {e.Message}");
                return default;
            }
        },
    };
}
