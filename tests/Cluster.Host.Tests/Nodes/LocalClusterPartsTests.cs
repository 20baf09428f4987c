using Intellect3.Cluster.Host.Nodes;

namespace Intellect3.Cluster.Host.Tests.Nodes;

public sealed class LocalClusterPartsTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("intellect3-ports-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void A_child_that_keeps_dying_is_started_ever_more_slowly_until_it_has_lived_for_a_while()
    {
        var backoff = new RestartBackoff();
        var dead = Enumerable.Range(0, 8).Select(_ => backoff.After(TimeSpan.FromSeconds(1)).TotalSeconds);

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], dead);
        Assert.Equal(0.5, backoff.After(TimeSpan.FromMinutes(2)).TotalSeconds);
        Assert.Equal(1, backoff.After(TimeSpan.FromSeconds(1)).TotalSeconds);
    }

    [Fact]
    public void A_name_keeps_its_port_across_restarts_and_no_two_share_one()
    {
        var ports = new LocalPorts(_data);
        var (first, second) = (ports.Of("trainer-1"), ports.Of("rollout-1"));

        Assert.NotEqual(first, second);
        Assert.Equal((first, second), (new LocalPorts(_data).Of("trainer-1"), new LocalPorts(_data).Of("rollout-1")));
    }

    [Fact]
    public void Damaged_ports_say_what_to_do()
    {
        File.WriteAllText(Path.Combine(_data, "ports.json"), "{");

        Assert.Contains("Remove it", Assert.Throws<CommandException>(() => new LocalPorts(_data)).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_directory_has_one_owner_and_remembers_members()
    {
        RememberedNode[] members = [new("akka.tcp://intellect3@10.0.0.1:5110", "http://10.0.0.1:9110")];
        using (var data = NodeData.Open(_data))
        {
            Assert.Empty(data.Remembered());
            Assert.Contains("--data-dir of its own", Assert.Throws<CommandException>(() => NodeData.Open(_data)).Remedy, StringComparison.Ordinal);
            data.Remember(members);
        }

        using var again = NodeData.Open(_data);
        Assert.Equal(members, again.Remembered());
        Assert.Equal("10.0.0.1:5110", members[0].Seed);
        File.WriteAllText(Path.Combine(_data, "members.json"), "damaged");
        Assert.Empty(again.Remembered());
    }
}
