using System.CommandLine;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>recipes</c>: lists the runs that are known to learn.</summary>
internal sealed class RecipesCommand : Command
{
    public RecipesCommand(HostContext context)
        : base("recipes", "List the recipes: runs that are known to learn.")
    {
        var json = CommonOptions.Json();
        Add(json);
        SetAction(call =>
        {
            foreach (var recipe in RecipeFolder.All())
            {
                context.Output.WriteLine(call.GetValue(json)
                    ? Json.Line(new { recipe.Name, recipe.Description, recipe.Path })
                    : $"{recipe.Name,-10} {recipe.Description}");
            }
        });
    }
}
