using System.Security.Cryptography;

namespace Intellect3.Model.Files;

/// <summary>Hashes of files.</summary>
public static class FileDigest
{
    /// <summary>SHA-256 of a file, 64 lower-case hex digits.</summary>
    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
