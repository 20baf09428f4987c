using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Cluster.Host.Endpoints;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>Talks to the runs of a cluster over the HTTP endpoint of any of its nodes.</summary>
public sealed class NodeClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly string _address;
    private readonly HttpClient _client;

    /// <param name="address"><c>host:port</c> of the endpoint.</param>
    /// <param name="token">The admin token, or null.</param>
    /// <exception cref="CommandException">The address is none.</exception>
    public NodeClient(string address, string? token)
    {
        _address = address;
        if (!Uri.TryCreate($"http://{address}", UriKind.Absolute, out var uri))
        {
            throw new CommandException($"{address} is no address", "A node's endpoint is HOST:PORT, the port being its HTTP port.", "Write for example: --to 127.0.0.1:9110");
        }

        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = uri, Timeout = Timeout };
        if (token is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(AdminTokens.Scheme.Trim(), token);
        }
    }

    /// <summary>Submits a run.</summary>
    /// <exception cref="CommandException">It was refused, or the node does not answer.</exception>
    public async Task<RunsEndpoint.AcceptedBody> SubmitAsync(SubmitRun run, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _client.PostAsJsonAsync(RunsEndpoint.Path, run, Json.Options, cancellation), cancellation);
        return await ReadAsync<RunsEndpoint.AcceptedBody>(response, cancellation);
    }

    /// <summary>How the active or the last run stands.</summary>
    /// <exception cref="CommandException">There is none, or the node does not answer.</exception>
    public async Task<RunStatus> StatusAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _client.GetAsync(RunsEndpoint.StatusPath, cancellation), cancellation);
        return await ReadAsync<RunStatus>(response, cancellation);
    }

    /// <summary>Asks the active run for a checkpoint and an end.</summary>
    /// <exception cref="CommandException">The node does not answer.</exception>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _client.PostAsync(RunsEndpoint.StopPath, null, cancellation), cancellation);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        try
        {
            return await send();
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new NodeUnreachableException(_address, exception is HttpRequestException ? exception.Message : $"It did not answer within {Timeout.TotalSeconds:0} s.");
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
            if (response.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable)
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
