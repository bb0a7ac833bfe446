import { FRONT_POLICY } from '../page/front-page.ts'

export interface ServerOptions {
  /** The domain name, as in the certificate. */
  name: string
  /** The onion address, `….onion`. */
  onion: string
  /** The folder to serve. */
  root: string
}

const headers = {
  'Content-Security-Policy': `${FRONT_POLICY}; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'Strict-Transport-Security': 'max-age=31536000',
}

/** A configuration for `/etc/nginx/conf.d/`. */
export function nginxConfig({ name, onion, root }: ServerOptions): string {
  const lines = Object.entries({ 'Onion-Location': `http://${onion}$request_uri`, ...headers }).map(
    ([header, value]) => `  add_header ${header} "${value}" always;`,
  )
  return `# The page on the open web. Copy this to /etc/nginx/conf.d/tumen-front-page.conf; get the certificate with certbot or a similar tool.
# Set "access_log off;" and "error_log /dev/null;" in /etc/nginx/nginx.conf too: without them failures are logged with addresses.

server {
  listen 80;
  listen [::]:80;
  server_name ${name};
  access_log off;
  error_log /dev/null;
  return 301 https://${name}$request_uri;
}

server {
  listen 443 ssl http2;
  listen [::]:443 ssl http2;
  server_name ${name};
  ssl_certificate /etc/letsencrypt/live/${name}/fullchain.pem;
  ssl_certificate_key /etc/letsencrypt/live/${name}/privkey.pem;
  ssl_protocols TLSv1.2 TLSv1.3;
  root ${root};

  # No visitor is logged.
  access_log off;
  error_log /dev/null;
  server_tokens off;

  # This site accepts no data.
  client_max_body_size 1k;
  if ($request_method !~ ^(GET|HEAD)$) { return 405; }

${lines.join('\n')}

  location / { try_files $uri $uri/index.html =404; }
}
`
}

/** A configuration for `/etc/caddy/Caddyfile`. */
export function caddyConfig({ name, onion, root }: ServerOptions): string {
  const lines = Object.entries({ 'Onion-Location': `http://${onion}{uri}`, ...headers }).map(
    ([header, value]) => `\t\t${header} "${value}"`,
  )
  return `# The page on the open web. Copy this to /etc/caddy/Caddyfile; Caddy gets the certificate itself.
{
	admin off
	# No visitor and no failure is logged.
	log {
		output discard
	}
}

${name} {
	root * ${root}
	# This site accepts no data.
	@other not method GET HEAD
	error @other 405
	header {
		-Server
${lines.join('\n')}
	}
	file_server
}
`
}
