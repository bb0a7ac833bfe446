import type { Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'

/**
 * The page needs only scripts, workers and requests of its own origin. A hostile file name cannot
 * make the page do what the policy forbids.
 */
const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  workerSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ['tumen'],
}

/** Every feature that the page does not use (W3C Permissions Policy). */
const REFUSED_FEATURES = [
  'camera',
  'microphone',
  'geolocation',
  'display-capture',
  'payment',
  'usb',
  'serial',
  'hid',
  'midi',
  'accelerometer',
  'gyroscope',
  'magnetometer',
  'clipboard-read',
  'clipboard-write',
  'browsing-topics',
]
const PERMISSIONS_POLICY = REFUSED_FEATURES.map((name) => `${name}=()`).join(', ')

const setSecurityHeaders = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: POLICY },
  referrerPolicy: { policy: 'no-referrer' },
  // an onion address needs no TLS, and HSTS would lock people out
  strictTransportSecurity: false,
})

const refuseFeatures: RequestHandler = (_request, response, next) => {
  response.setHeader('Permissions-Policy', PERMISSIONS_POLICY)
  next()
}

/** Handlers that set the security headers of every answer of the app. */
export const hardenAnswers: readonly RequestHandler[] = [setSecurityHeaders, refuseFeatures]

/** The same headers, for answers that are written directly to a socket. */
export const HARDENED: Readonly<Record<string, string>> = recordHeaders()

function recordHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  const recorder = {
    setHeader: (name: string, value: string) => void (headers[name] = value),
    removeHeader: () => {},
  } as unknown as Response
  for (const harden of hardenAnswers) void harden({} as Request, recorder, () => {})
  return headers
}
