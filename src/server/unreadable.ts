import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ProblemCode } from '../wire/problem-codes.ts'
import { problemJson } from './answer.ts'
import { HARDENED } from './hardening.ts'

/** A refusal that is written directly to the socket, because there is no request to answer. */
export interface RawRefusal {
  status: readonly [code: number, reason: string]
  code: ProblemCode
}

const BAD_REQUEST: RawRefusal = { status: [400, 'Bad Request'], code: 'FORM_INVALID' }

/** Refuses `CONNECT`, which would turn the intake into a proxy. */
export const NO_CONNECT: RawRefusal = {
  status: [405, 'Method Not Allowed'],
  code: 'METHOD_NOT_ALLOWED',
}

const BY_ERROR: Readonly<Record<string, RawRefusal>> = {
  HPE_HEADER_OVERFLOW: { status: [431, 'Request Header Fields Too Large'], code: 'FORM_LIMITS' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: [408, 'Request Timeout'], code: 'BODY_TIMEOUT' },
}

export function refusalOf(error: NodeJS.ErrnoException): RawRefusal {
  return BY_ERROR[error.code ?? ''] ?? BAD_REQUEST
}

/**
 * Sends the same headers as every other answer, and nothing that comes from the request. There is
 * no `Date`, because clock skew identifies a host. Nothing is logged.
 */
export function refuseRaw(socket: Duplex, { status: [status, reason], code }: RawRefusal): void {
  const body = problemJson(code, { status })
  const headers = {
    ...HARDENED,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`)
}

/**
 * The status with which a request must be refused because of its head, or null (RFC 9112 §3.2:
 * exactly one `Host` in HTTP/1.1; RFC 9110 §10.1.1: 417 for an expectation that is not understood).
 */
export function headStatusOf(request: IncomingMessage): 400 | 417 | null {
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && /^host$/i.test(name)).length
  const isModern = request.httpVersionMajor > 1 || request.httpVersionMinor >= 1
  if (hosts > 1 || (isModern && hosts === 0)) return 400
  const { expect } = request.headers
  return isModern && expect !== undefined && !/^(100-continue)(\s*,\s*100-continue)*$/i.test(expect)
    ? 417
    : null
}
