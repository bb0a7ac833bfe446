import { SealingError } from './sealer.ts'

/**
 * Waits for code that is loaded only when it is first needed. After an update of the server the
 * file's old name no longer exists.
 * @throws SealingError `NOT_LOADED`, so that the failure is never blamed on a file or on the
 * connection
 */
export async function ifLoaded<Module>(loading: Promise<Module>): Promise<Module> {
  return await loading.catch((cause: unknown) => {
    throw new SealingError('NOT_LOADED', 'code of the page could not be loaded', cause)
  })
}
