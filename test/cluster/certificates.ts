/** Keys and certificates of a test's control plane, made by openssl in its folder. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes a certificate authority (`ca.crt`), the API server's certificate for the address (`server.crt`), a client certificate of a
 * member of `system:masters` by which the API server speaks to kubelets (`kubelet-client.crt`), each with its `.key`,
 * and `service-accounts.key`.
 */
export async function makeCertificates(folder: string, address: string): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const request = (name: string, subject: string, ...args: string[]) =>
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '2', '-subj', subject, ...args],
    );
  const issued = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE'];
  await request('ca', '/CN=ca');
  const names = `IP:127.0.0.1,IP:${address},IP:10.96.0.1,DNS:kubernetes.default.svc`;
  await request('server', '/CN=kube-apiserver', ...issued, '-addext', `subjectAltName=${names}`);
  await request('kubelet-client', '/O=system:masters/CN=kube-apiserver', ...issued);
  await openssl('genrsa', '-out', 'service-accounts.key', '2048');
}
