namespace Intellect3.Actors.Administration.Commands;

/// <summary>One response of a command; it gives any number of them.</summary>
/// <param name="Text">For people, a line or several; null where only programs get something.</param>
/// <param name="Data">The same for programs; null where there is nothing in it for them (a header).</param>
/// <param name="Exit">The exit code that the command ends with; the last one that is not 0 counts.</param>
public sealed record CommandResponse(string? Text, object? Data = null, int Exit = 0);
