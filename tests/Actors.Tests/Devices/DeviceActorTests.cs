using Akka.Actor;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Devices;

namespace Intellect3.Actors.Tests.Devices;

public sealed class DeviceActorTests() : TestKit(TestHocon.Strict)
{
    private static readonly DeviceOptions Options = new() { MaxRestarts = 2, RestartWindow = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task Two_devices_have_each_one_thread_for_everything_they_do()
    {
        var (first, second) = (new FakeProgram(), new FakeProgram());
        var devices = new[] { NewDevice("gpu-0", () => first), NewDevice("gpu-1", () => second) };
        foreach (var device in devices)
        {
            device.Tell(new Work(1));
            device.Tell(new Work(2));
            ExpectMsg<Done>();
            ExpectMsg<Done>();
            Watch(device);
            Sys.Stop(device);
            ExpectTerminated(device);
        }

        await Expect.Of(first.Disposed, "the first program's end");
        await Expect.Of(second.Disposed, "the second program's end");

        var threads = new[] { first, second }.Select(p => Assert.Single(p.Calls.Select(c => c.Thread).Distinct())).ToList();
        Assert.NotEqual(threads[0], threads[1]);
        Assert.Equal(["start", "work 1", "work 2", "dispose"], first.CallNames.Where(c => c != "advance"));
    }

    [Fact]
    public void A_device_has_one_owner()
    {
        var owner = NewDevice("gpu-0", () => new FakeProgram());
        owner.Tell(new Work(1));
        ExpectMsg<Done>();

        Assert.Equal("gpu-0", Assert.Throws<DeviceClaimedException>(() => DeviceRegistry.For(Sys).Claim("gpu-0")).Message.Split('\'')[1]);
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            var second = NewDevice("gpu-0", () => new FakeProgram());
            Watch(second);
            ExpectTerminated(second);
        });

        Watch(owner);
        Sys.Stop(owner);
        ExpectTerminated(owner);
        Assert.Empty(DeviceRegistry.For(Sys).Claimed);
    }

    [Fact]
    public async Task A_fault_restarts_the_program_with_fresh_state_on_the_same_thread()
    {
        var programs = new List<FakeProgram>();
        var device = NewDevice("gpu-0", () =>
        {
            programs.Add(new FakeProgram());
            return programs[^1];
        });
        EventFilter.Exception<DeviceFaultException>().ExpectOne(() => device.Tell(new Work(-1)));
        device.Tell(new Work(2));
        ExpectMsg<Done>();

        await Expect.Of(programs[0].Disposed, "the failed program's end");
        Assert.Equal(["start", "dispose"], programs[0].CallNames);
        Assert.Equal(["start", "work 2"], programs[1].CallNames.Where(c => c != "advance"));
        Assert.Single(programs.SelectMany(p => p.Calls).Select(c => c.Thread).Distinct());
    }

    [Fact]
    public void A_device_whose_program_keeps_failing_is_given_up_and_free_again()
    {
        var device = NewDevice("gpu-0", () => new FakeProgram { OnStart = () => throw new InvalidOperationException("no such device") });
        Watch(device);

        ExpectTerminated(device);
        DeviceRegistry.For(Sys).Claim("gpu-0").Dispose();
    }

    private IActorRef NewDevice(string name, Func<FakeProgram> program) =>
        Sys.ActorOf(DeviceActor.Props(name, Options, thread => Props.Create(() => new Worker(thread, program))));

    private sealed record Work(int Number) : INoSerializationVerificationNeeded;

    private sealed record Done : INoSerializationVerificationNeeded;

    private sealed record Faulted(IDeviceProgram Program, Exception Exception) : INoSerializationVerificationNeeded;

    /// <summary>The smallest child of a device.</summary>
    private sealed class Worker : ReceiveActor
    {
        private readonly DeviceThread _thread;
        private readonly FakeProgram _program;
        private DeviceSession? _session;

        public Worker(DeviceThread thread, Func<FakeProgram> program)
        {
            (_thread, _program) = (thread, program());
            Receive<Work>(work =>
            {
                var sender = Sender;
                _session!.TryPost(() => Do(work, sender));
            });
            Receive<Faulted>(f => throw new DeviceFaultException(_thread.Name, f.Exception));
        }

        protected override void PreStart()
        {
            var self = Self;
            _session = _thread.Open(_program, exception => self.Tell(new Faulted(_program, exception)));
        }

        protected override void PostStop() => _session?.Dispose();

        private void Do(Work work, IActorRef sender)
        {
            if (work.Number < 0)
            {
                throw new InvalidOperationException("negative work");
            }

            _program.Record($"work {work.Number}");
            sender.Tell(new Done());
        }
    }
}
