using Akka.Actor;
using Akka.Event;

namespace Intellect3.Actors.Devices;

/// <summary>
/// Owns one GPU or CPU share of a node, and its thread. Its one child drives the program on that thread; when the child fails it is restarted with
/// fresh state on the same thread. Every message goes to the child. Stops when the child has failed too often.
/// </summary>
public sealed class DeviceActor : ReceiveActor
{
    private readonly string _device;
    private readonly DeviceOptions _options;
    private readonly Func<DeviceThread, Props> _childProps;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private DeviceClaim? _claim;
    private DeviceThread? _thread;
    private IActorRef _child = ActorRefs.Nobody;

    public DeviceActor(string device, DeviceOptions options, Func<DeviceThread, Props> childProps)
    {
        (_device, _options, _childProps) = (device, options, childProps);
        Receive<Terminated>(t => t.ActorRef.Equals(_child), _ =>
        {
            _log.Error("The device '{0}' is given up: its program failed more than {1} times within {2}", _device, _options.MaxRestarts, _options.RestartWindow);
            Context.Stop(Self);
        });
        ReceiveAny(message => _child.Forward(message));
    }

    /// <param name="device">The device's name, unique on the node.</param>
    /// <param name="options">Limits.</param>
    /// <param name="childProps">The child that drives the device's program; it opens its <see cref="DeviceSession"/> in PreStart and closes it in PostStop.</param>
    public static Props Props(string device, DeviceOptions options, Func<DeviceThread, Props> childProps) =>
        Akka.Actor.Props.Create(() => new DeviceActor(device, options, childProps));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_options.MaxRestarts, _options.RestartWindow, _ => Directive.Restart);

    protected override void PreStart()
    {
        _claim = DeviceRegistry.For(Context.System).Claim(_device);
        _thread = new DeviceThread(_device, _options.QueueCapacity, _options.StopTimeout);
        _child = Context.Watch(Context.ActorOf(_childProps(_thread), "program"));
    }

    protected override void PostStop()
    {
        if (_thread?.Stop() == false)
        {
            _log.Error("The device '{0}' did not stop within {1}; its thread is left to end by itself", _device, _options.StopTimeout);
        }

        _claim?.Dispose();
    }
}
