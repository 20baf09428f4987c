using System.Globalization;
using System.Text;
using Intellect3.Actors.Transport;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>Tells layouts apart in a message: a hash of every tensor's name, shape and offset.</summary>
public static class LayoutFingerprint
{
    public static ContentHash Of(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var text = new StringBuilder();
        foreach (var tensor in layout.Tensors)
        {
            text.Append(CultureInfo.InvariantCulture, $"{tensor.Name} [{string.Join(',', tensor.Shape)}] {tensor.Offset}\n");
        }

        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
