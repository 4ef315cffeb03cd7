namespace ConfigClients.Backends.Etcd;

/// <summary>The certificate of an operator as files, because <c>etcdctl</c> takes it in no other way. Empty without TLS.</summary>
internal sealed class EtcdControlFiles : IDisposable
{
    private readonly DirectoryInfo? _folder;

    public EtcdControlFiles(TestCertificate? certificate)
    {
        if (certificate is not null)
        {
            _folder = Directory.CreateTempSubdirectory("configclients-etcdctl-");
            File.WriteAllText(CertificateFile!, certificate.CertificatePem);
            File.WriteAllText(KeyFile!, certificate.KeyPem);
        }
    }

    public string? CertificateFile => _folder is null ? null : Path.Combine(_folder.FullName, "operator.pem");

    public string? KeyFile => _folder is null ? null : Path.Combine(_folder.FullName, "operator.key");

    public void Dispose()
    {
        if (_folder is { Exists: true })
        {
            _folder.Delete(recursive: true);
        }
    }
}
