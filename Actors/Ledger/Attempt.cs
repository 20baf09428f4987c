namespace Intellect3.Actors.Ledger;

/// <summary>An attempt at a prompt, as the files name it.</summary>
internal readonly record struct Attempt(long Prompt, int Number)
{
    public override string ToString() => $"prompt {Prompt} attempt {Number}";
}
