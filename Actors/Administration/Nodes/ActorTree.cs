using Akka.Actor;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>The actors of this process.</summary>
internal static class ActorTree
{
    /// <summary>As many paths as a message has room for.</summary>
    private const int MostCharacters = 40_000;

    /// <summary>The actor at a path and those below it, by depth and name; null when there is none.</summary>
    public static ActorPaths? Below(ActorSystem system, string path, int depth)
    {
        var root = ((ExtendedActorSystem)system).Provider.RootGuardian;
        var start = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((IActorRef?)root, (parent, name) => Children(parent).FirstOrDefault(c => c.Path.Name == name));
        if (start is null)
        {
            return null;
        }

        var paths = Walk(start, depth).ToList();
        var characters = 0;
        var shown = paths.TakeWhile(p => (characters += p.Length) <= MostCharacters).ToList();
        return new ActorPaths(shown, paths.Count - shown.Count);
    }

    private static IEnumerable<string> Walk(IActorRef actor, int depth) => depth == 0
        ? [actor.Path.ToStringWithoutAddress()]
        : Children(actor).OrderBy(c => c.Path.Name, StringComparer.Ordinal).SelectMany(c => Walk(c, depth - 1)).Prepend(actor.Path.ToStringWithoutAddress());

    private static IEnumerable<IActorRef> Children(IActorRef? actor) => actor is ActorRefWithCell cell ? cell.Children : [];
}
