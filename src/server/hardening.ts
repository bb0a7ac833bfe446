import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * The page needs scripts, workers and requests of its own origin and nothing else;
 * what it cannot do without asking, a hostile file name cannot make it do either.
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

/** Everything the page never asks for (W3C Permissions Policy). */
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
  // an onion address needs no TLS, and a promise of it would lock people out
  strictTransportSecurity: false,
})

const refuseFeatures: RequestHandler = (_request, response, next) => {
  response.set('Permissions-Policy', PERMISSIONS_POLICY)
  next()
}

/** For every answer, whatever it is. */
export const hardenAnswers: readonly RequestHandler[] = [setSecurityHeaders, refuseFeatures]
