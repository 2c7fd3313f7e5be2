// @ts-nocheck
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A configuration of workerd that runs one bundled Worker, with nothing but loopback in reach. */
export function workerdConfig(
  folder: string,
  script: string,
  settings: { ca: string; worker: string; more?: string; services?: string },
): string {
  const { ca, worker, more = '', services = '' } = settings;
  writeFileSync(join(folder, 'programs', 'ca.crt'), ca);
  const file = join(folder, 'programs', `${basename(script)}.capnp`);
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "loopback", network = (
      allow = ["private", "local"], deny = [], tlsOptions = (trustedCertificates = [embed "ca.crt"])
    ))${services && `,\n    ${services}`}
  ],
  ${more}
);
const main :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "${basename(script)}")],
  compatibilityDate = "2026-01-01",
  globalOutbound = "loopback",
  ${worker}
);
`,
  );
  return file;
}
