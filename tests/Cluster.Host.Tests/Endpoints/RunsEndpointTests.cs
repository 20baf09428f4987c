using System.Net;
using System.Text;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Cluster.Host.Nodes;

namespace Intellect3.Cluster.Host.Tests.Endpoints;

public sealed class RunsEndpointTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("intellect3-runs-").FullName;
    private readonly NodeEndpointOptions _options = new() { AdminToken = "secret" };
    private readonly HttpClient _client = new();
    private NodeData _data = null!;
    private NodeEndpoint _endpoint = null!;

    public async Task InitializeAsync()
    {
        _data = NodeData.Open(_folder);
        _endpoint = await NodeEndpoint.StartAsync(_options, [new RunsEndpoint(new NodeParts(_data), _options)], CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _endpoint.DisposeAsync();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(RunsEndpoint.Path, "application/json", """{"name":"r"}""", false, HttpStatusCode.Unauthorized, "token")]
    [InlineData(RunsEndpoint.StopPath, "application/json", "{}", false, HttpStatusCode.Unauthorized, "token")]
    [InlineData(RunsEndpoint.Path, "application/json", """{"name":"r"}""", true, HttpStatusCode.BadRequest, "no run in JSON")]
    [InlineData(RunsEndpoint.Path, "application/json", "{", true, HttpStatusCode.BadRequest, "no run in JSON")]
    [InlineData(RunsEndpoint.Path, "text/plain", """{"name":"r","directory":"d","config":"c"}""", true, HttpStatusCode.BadRequest, "no run in JSON")]
    [InlineData(RunsEndpoint.StopPath, "text/plain", "", true, HttpStatusCode.BadRequest, "not JSON")]
    [InlineData(RunsEndpoint.Path, "application/json", """{"name":"r","directory":"d","config":"c"}""", true, HttpStatusCode.ServiceUnavailable, "in no cluster yet")]
    public async Task What_is_wrong_with_a_request_is_said(string path, string type, string body, bool hasToken, HttpStatusCode status, string says)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Address + path) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (hasToken)
        {
            request.Headers.Authorization = new("Bearer", "secret");
        }

        using var answer = await _client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
