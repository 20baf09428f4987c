using System.Net;
using System.Text.Json;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>Questions to a node's HTTP endpoint.</summary>
internal static class NodeHttp
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <exception cref="CommandException">The address is none, or nobody answers there.</exception>
    public static async Task<(HttpStatusCode Status, string Answer)> SendAsync(string address, HttpRequestMessage request, CancellationToken stop)
    {
        if (!Uri.TryCreate($"http://{address}/", UriKind.Absolute, out var node) || node.AbsolutePath != "/" || !address.Contains(':', StringComparison.Ordinal))
        {
            throw new CommandException($"'{address}' is no address of a node", "It is HOST:PORT, the port being the HTTP port.", "For example 127.0.0.1:9110.");
        }

        using var client = new HttpClient { BaseAddress = node, Timeout = Deadline };
        try
        {
            using var response = await client.SendAsync(request, stop);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(stop));
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"no node answers at {address}", e.Message, "Is it running, and is this its HTTP port? It prints both when it is ready.", ExitCode.Failure);
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new CommandException($"{address} did not answer within {Deadline.TotalMinutes} minutes", null, "Look at the node's log.", ExitCode.Failure);
        }
    }

    /// <summary>What a refusal says; null when it says nothing that can be read.</summary>
    public static string? ErrorOf(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.GetProperty("error").GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
