using System.Net;
using System.Net.Sockets;
using Intellect3.Cluster.Host.Nodes;

namespace Intellect3.Cluster.Host.Tests.Nodes;

public sealed class MemberSearchTests
{
    private static readonly RememberedNode[] Two = [new("akka.tcp://intellect3@10.0.0.1:5110", "http://one"), new("akka.tcp://intellect3@10.0.0.2:5110", "http://two")];
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_member_that_is_in_a_cluster_is_joined_through() =>
        Assert.Equal("10.0.0.2:5110", await FindAsync(Long, _ => Refused(), _ => Answers(HttpStatusCode.OK)));

    [Fact]
    public async Task A_refused_connection_and_a_member_that_is_in_no_cluster_are_a_no() =>
        Assert.Null(await FindAsync(Long, _ => Refused(), _ => Answers(HttpStatusCode.ServiceUnavailable)));

    [Fact]
    public async Task Nobody_to_ask_is_a_no() => Assert.Null(await new MemberSearch(new Members(), TimeProvider.System).FindAsync([], Long, _ => { }, CancellationToken.None));

    [Fact]
    public async Task Silence_is_waited_for_and_said()
    {
        var said = new List<string>();

        var found = await FindAsync(Long, _ => Refused(), asked => asked == 1 ? Unreachable() : Answers(HttpStatusCode.OK), said.Add);

        Assert.Equal("10.0.0.2:5110", found);
        Assert.Equal(["http://two does not answer"], said);
    }

    [Fact]
    public async Task Silence_is_waited_for_no_longer_than_asked() => Assert.Null(await FindAsync(TimeSpan.Zero, _ => Unreachable(), _ => Unreachable()));

    private static async Task<string?> FindAsync(TimeSpan timeout, Func<int, HttpResponseMessage> one, Func<int, HttpResponseMessage> two, Action<string>? waiting = null)
    {
        using var search = new MemberSearch(new Members { ["one"] = one, ["two"] = two }, TimeProvider.System);
        return await search.FindAsync(Two, timeout, waiting ?? (_ => { }), CancellationToken.None);
    }

    private static HttpResponseMessage Answers(HttpStatusCode status) => new(status);

    private static HttpResponseMessage Refused() =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));

    private static HttpResponseMessage Unreachable() =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "no route", new SocketException((int)SocketError.HostUnreachable));

    /// <summary>Answers for members by their host, told how often that one was asked.</summary>
    private sealed class Members : HttpMessageHandler
    {
        private readonly Dictionary<string, Func<int, HttpResponseMessage>> _members = [];
        private readonly Dictionary<string, int> _asked = [];

        public Func<int, HttpResponseMessage> this[string host]
        {
            set => _members[host] = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var host = request.RequestUri!.Host;
            return Task.FromResult(_members[host](_asked[host] = _asked.GetValueOrDefault(host) + 1));
        }
    }
}
