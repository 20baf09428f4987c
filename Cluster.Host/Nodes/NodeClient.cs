using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Text.Json;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Cluster.Host.Endpoints;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>Talks to a cluster over the HTTP endpoint of any of its nodes: runs and packages. (Palettes have a client of their own, since they stream.)</summary>
public sealed class NodeClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>The node hands a package on to the coordinator before it answers.</summary>
    private static readonly TimeSpan PackageTimeout = TimeSpan.FromMinutes(2);

    private readonly string _address;
    private readonly HttpClient _client;

    /// <param name="address"><c>host:port</c> of the endpoint.</param>
    /// <param name="token">The admin token, or null.</param>
    /// <exception cref="CommandException">The address is none.</exception>
    public NodeClient(string address, string? token)
    {
        _address = address;
        if (!Uri.TryCreate($"http://{address}/", UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || !address.Contains(':', StringComparison.Ordinal))
        {
            throw new CommandException($"'{address}' is no address of a node", "It is HOST:PORT, the port being the HTTP port.", "Write for example: --to 127.0.0.1:9110");
        }

        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = uri, Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(AdminTokens.Scheme.Trim(), token);
        }
    }

    /// <summary>Submits a run.</summary>
    /// <exception cref="CommandException">It was refused, or the node does not answer.</exception>
    public async Task<RunsEndpoint.AcceptedBody> SubmitAsync(SubmitRun run, CancellationToken cancellation)
    {
        using var response = await SendAsync(token => _client.PostAsJsonAsync(RunsEndpoint.Path, run, Json.Options, token), Timeout, cancellation);
        return await ReadAsync<RunsEndpoint.AcceptedBody>(response, cancellation);
    }

    /// <summary>How the active or the last run stands.</summary>
    /// <exception cref="CommandException">There is none, or the node does not answer.</exception>
    public async Task<RunStatus> StatusAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(token => _client.GetAsync(RunsEndpoint.StatusPath, token), Timeout, cancellation);
        return await ReadAsync<RunStatus>(response, cancellation);
    }

    /// <summary>Asks the active run for a checkpoint and an end.</summary>
    /// <exception cref="CommandException">The node does not answer.</exception>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(token => _client.PostAsJsonAsync(RunsEndpoint.StopPath, new { }, token), Timeout, cancellation);
    }

    /// <summary>Brings a package.</summary>
    /// <returns>True when it is new, false when the same bytes were there.</returns>
    /// <exception cref="CommandException">It was refused.</exception>
    /// <exception cref="NodeUnreachableException">The node, or the coordinator behind it, does not answer.</exception>
    public async Task<bool> PushAsync(ReadOnlyMemory<byte> package, CancellationToken cancellation)
    {
        using var content = new ReadOnlyMemoryContent(package) { Headers = { ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Octet) } };
        using var response = await SendAsync(token => _client.PostAsync(PackagesEndpoint.Path, content, token), PackageTimeout, cancellation);
        await ReadAsync<PackageRow>(response, cancellation);
        return response.StatusCode == HttpStatusCode.Created;
    }

    /// <summary>The packages that the node has.</summary>
    /// <exception cref="CommandException">What answers is no node.</exception>
    /// <exception cref="NodeUnreachableException">The node does not answer.</exception>
    public async Task<IReadOnlyList<PackageRow>> PackagesAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(token => _client.GetAsync(PackagesEndpoint.Path, token), Timeout, cancellation);
        return await ReadAsync<IReadOnlyList<PackageRow>>(response, cancellation);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            return await send(deadline.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new NodeUnreachableException(_address, exception is HttpRequestException ? exception.Message : $"nothing within {timeout.TotalSeconds:0} s");
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            if (response.IsSuccessStatusCode)
            {
                return (await response.Content.ReadFromJsonAsync<T>(Json.Options, cancellation))!;
            }

            var error = await response.Content.ReadFromJsonAsync<RunsEndpoint.ErrorBody>(Json.Options, cancellation);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                throw new NodeUnreachableException(_address, error!.Error);
            }

            throw new CommandException(error!.Error, error.Why, error.Remedy, ExitCode.Failure);
        }
        catch (JsonException exception)
        {
            throw new CommandException($"{_address} is no node of Intellect3", $"It answered {(int)response.StatusCode} and not as one does: {exception.Message}", "Give the HTTP port of a node.", ExitCode.Failure);
        }
    }
}
