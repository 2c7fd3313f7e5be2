/** The addresses of Cloudflare's own network, which it lets no Worker connect to over TCP. */

const FOUR =
  '173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18 190.93.240.0/20 ' +
  '188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13 104.24.0.0/14 172.64.0.0/13 ' +
  '131.0.72.0/22';
const SIX = /^(2400:cb00|2606:4700|2803:f800|2405:b500|2405:8100|2a06:98c[0-7]|2c0f:f248):/;

/** Whether that is one of them, in its usual spelling. Names are not looked up. */
export function isCloudflare(hostname: string): boolean {
  if (SIX.test(hostname)) return true;
  if (!/^\d+(\.\d+){3}$/.test(hostname)) return false;
  return FOUR.split(' ').some((range) => {
    const [network = '', bits = ''] = range.split('/');
    const size = 2 ** (32 - Number(bits));
    return Math.floor(numberOf(hostname) / size) === Math.floor(numberOf(network) / size);
  });
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
