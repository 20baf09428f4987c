#pragma warning disable IDE0130 // The namespaces are those of the API that this stands for.
using Akka.Actor;

namespace Petabridge.Cmd
{
    /// <summary>The part of Petabridge.Cmd's API that its public samples show, written by hand. It talks to nobody: it is what the adapter is compiled against and run with in tests.</summary>
    public sealed record CommandDefinition(string Name, string Description, IReadOnlyList<ArgumentDefinition> Arguments);

    public sealed record ArgumentDefinition(string Name, string Description, bool IsMandatory, bool AllowMultiple, IReadOnlyList<string> DefaultValues, IReadOnlyList<string> Switch);

    public sealed class CommandDefinitionBuilder
    {
        private readonly List<ArgumentDefinition> _arguments = [];
        private string _name = "";
        private string _description = "";

        public CommandDefinitionBuilder WithName(string name)
        {
            _name = name;
            return this;
        }

        public CommandDefinitionBuilder WithDescription(string description)
        {
            _description = description;
            return this;
        }

        public CommandDefinitionBuilder WithArgument(Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> build)
        {
            _arguments.Add(build(new ArgumentDefinitionBuilder()).Definition);
            return this;
        }

        public CommandDefinition Build() => new(_name, _description, _arguments);
    }

    public sealed class ArgumentDefinitionBuilder
    {
        internal ArgumentDefinition Definition { get; private set; } = new("", "", false, false, [], []);

        public ArgumentDefinitionBuilder WithName(string name) => Set(Definition with { Name = name });

        public ArgumentDefinitionBuilder WithDescription(string description) => Set(Definition with { Description = description });

        public ArgumentDefinitionBuilder IsMandatory(bool mandatory) => Set(Definition with { IsMandatory = mandatory });

        public ArgumentDefinitionBuilder AllowMultiple(bool multiple) => Set(Definition with { AllowMultiple = multiple });

        public ArgumentDefinitionBuilder WithDefaultValues(params string[] values) => Set(Definition with { DefaultValues = values });

        public ArgumentDefinitionBuilder WithSwitch(string name) => Set(Definition with { Switch = [.. Definition.Switch, name] });

        private ArgumentDefinitionBuilder Set(ArgumentDefinition definition)
        {
            Definition = definition;
            return this;
        }
    }

    public sealed record CommandPalette(string Name, IReadOnlyList<CommandDefinition> Commands);

    public sealed record Command(string Name, IReadOnlyList<Tuple<string, string>> Arguments) : INoSerializationVerificationNeeded;

    public record CommandResponse(string Msg, bool Final = true) : INoSerializationVerificationNeeded
    {
        public static CommandResponse Empty { get; } = new("");
    }

    public sealed record ErroredCommandResponse(string Error) : CommandResponse(Error);
}

namespace Petabridge.Cmd.Host
{
    public abstract class CommandPaletteHandler(CommandPalette palette)
    {
        public CommandPalette Palette { get; } = palette;

        public abstract Props HandlerProps { get; }

        public virtual void OnRegister(PetabridgeCmd plugin)
        {
        }
    }

    public abstract class CommandHandlerActor(CommandPalette palette) : ReceiveActor
    {
        public CommandPalette Palette { get; } = palette;

        protected void Process(string name, Action<Command> handle) => Receive<Command>(command => command.Name == name, handle);
    }

    public sealed class PetabridgeCmd
    {
        private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<ActorSystem, PetabridgeCmd> Hosts = [];

        private PetabridgeCmd(ActorSystem system) => Sys = system;

        public ActorSystem Sys { get; }

        internal List<CommandPaletteHandler> Handlers { get; } = [];

        internal bool IsStarted { get; private set; }

        public static PetabridgeCmd Get(ActorSystem system) => Hosts.GetValue(system, s => new PetabridgeCmd(s));

        public bool RegisterCommandPalette(CommandPaletteHandler handler)
        {
            handler.OnRegister(this);
            Handlers.Add(handler);
            return true;
        }

        public void Start() => IsStarted = true;
    }
}
