using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Coordination;

/// <summary>The last news of groups, numbered from 1. Pure bookkeeping.</summary>
internal sealed class RecentNews(int capacity)
{
    private const int LongestOutcome = 200;
    private const int MostPerMessage = 150;

    private readonly Queue<GroupNews> _news = new();
    private long _last;

    /// <summary>Adds news under the next number.</summary>
    public void Add(GroupNews news)
    {
        _news.Enqueue(news with { Number = ++_last, Outcome = news.Outcome.Length > LongestOutcome ? news.Outcome[..LongestOutcome] + "..." : news.Outcome });
        if (_news.Count > capacity)
        {
            _news.Dequeue();
        }
    }

    /// <summary>The newest of those after a number, oldest first.</summary>
    public GroupNewsList Read(long after, int most) => new([.. _news.Where(n => n.Number > after).TakeLast(Math.Min(most, MostPerMessage))], _last);
}
