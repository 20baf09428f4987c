using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Intellect3.Cluster.Host.Tests.Pbm;

namespace Intellect3.Cluster.Host.Tests.Endpoints;

public sealed class PbmEndpointTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Palettes_are_described_with_all_that_help_and_completion_need()
    {
        await using var palettes = await TestPalettes.StartAsync();
        using var http = Client(palettes);

        var palette = Assert.Single(JsonDocument.Parse(await http.GetStringAsync("pbm/palettes")).RootElement.EnumerateArray());

        Assert.Equal("sample", palette.GetProperty("name").GetString());
        var echo = palette.GetProperty("commands")[0];
        Assert.Equal(("echo", false, false), (echo.GetProperty("name").GetString(), echo.GetProperty("changes").GetBoolean(), echo.GetProperty("streams").GetBoolean()));
        var times = echo.GetProperty("arguments")[1];
        Assert.Equal(["-n", "--times"], times.GetProperty("switches").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(("count", "how often"), (times.GetProperty("kind").GetString(), times.GetProperty("description").GetString()));
        Assert.Equal(["1", "2"], times.GetProperty("suggestions").EnumerateArray().Select(s => s.GetString()));
    }

    [Theory]
    [InlineData("""{"palette":"sample","command":"echo","arguments":["a","b"]}""", 200, """{"line":"WORDS"}|{"line":"a b"}|{"exit":0}""")]
    [InlineData("""{"palette":"sample","command":"echo","arguments":["a","--json"]}""", 200, """{"data":{"words":["a"],"ratio":"NaN"}}|{"exit":0}""")]
    [InlineData("""{"palette":"sample","command":"fail"}""", 200, """{"exit":1,"error":"it failed","why":"Because.","remedy":"Try another."}""")]
    [InlineData("""{"palette":"sample","command":"stuck","arguments":[]}""", 200, """{"line":"STUCK: it"}|{"exit":1}""")]
    [InlineData("""{"palette":"sampel","command":"echo"}""", 400, """{"exit":2,"error":"unknown palette 'sampel'","why":"Did you mean 'sample'?","remedy":"`help` lists the palettes."}""")]
    [InlineData("""{"palette":"sample","command":"echo","arguments":["-x"]}""", 400, "unknown switch '-x' of 'echo'")]
    [InlineData("{}", 400, "unknown palette ''")]
    [InlineData("[1]", 400, "the request is no JSON object of palette, command and arguments")]
    [InlineData("null", 400, "the request is no JSON object of palette, command and arguments")]
    [InlineData("{", 400, "the request is no JSON object of palette, command and arguments")]
    public async Task A_call_is_answered_line_by_line(string body, int status, string expected)
    {
        await using var palettes = await TestPalettes.StartAsync();
        using var http = Client(palettes);

        var response = await http.PostAsync("pbm/run", Json(body));

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        if (expected[0] == '{')
        {
            Assert.Equal(expected.Replace('|', '\n') + "\n", text);
        }
        else
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_send_a_command()
    {
        await using var palettes = await TestPalettes.StartAsync();
        using var http = Client(palettes);

        var response = await http.PostAsync("pbm/run", new StringContent("""{"palette":"sample","command":"change"}""", Encoding.UTF8, "text/plain"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("the request is not JSON", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_end_is_refused()
    {
        await using var palettes = await TestPalettes.StartAsync();
        using var http = Client(palettes);

        var response = await http.PostAsync("pbm/run", Json($$"""{"palette":"sample","command":"echo","arguments":["{{new string('x', 70_000)}}"]}"""));

        Assert.Contains("the request is too long", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong", 401)]
    [InlineData("secret", 200)]
    public async Task What_changes_the_cluster_needs_the_token_and_what_only_looks_does_not(string? token, int status)
    {
        await using var palettes = await TestPalettes.StartAsync("secret");
        using var http = Client(palettes);
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        var change = await http.PostAsync("pbm/run", Json("""{"palette":"sample","command":"change"}"""));
        var look = await http.PostAsync("pbm/run", Json("""{"palette":"sample","command":"echo"}"""));

        Assert.Equal((HttpStatusCode)status, change.StatusCode);
        Assert.Equal(HttpStatusCode.OK, look.StatusCode);
        Assert.Equal(status == 401, (await change.Content.ReadAsStringAsync()).Contains("needs its admin token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_is_sent_as_it_comes_and_ends_when_its_caller_leaves()
    {
        await using var palettes = await TestPalettes.StartAsync();
        using (var http = Client(palettes))
        {
            var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "pbm/run") { Content = Json("""{"palette":"sample","command":"tail"}""") }, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("""{"line":"begins"}""", await reader.ReadLineAsync().WaitAsync(Soon));
            Assert.False(palettes.Left.IsCompleted);
        }

        await palettes.Left.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_node_that_leaves_ends_its_streams()
    {
        var palettes = await TestPalettes.StartAsync();
        using var http = Client(palettes);
        var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "pbm/run") { Content = Json("""{"palette":"sample","command":"tail"}""") }, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync().WaitAsync(Soon);

        await palettes.DisposeAsync();

        await palettes.Left.WaitAsync(Soon);
        Assert.Null(await reader.ReadLineAsync().WaitAsync(Soon));
    }

    private static HttpClient Client(TestPalettes palettes) => new() { BaseAddress = new Uri($"http://{palettes.Address}/"), Timeout = Soon };

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
