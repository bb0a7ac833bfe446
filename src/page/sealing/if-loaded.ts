import { SealingError } from './sealer.ts'

/**
 * Code that is loaded when it is needed first. After an update of the server its old name is gone.
 * @throws SealingError `NOT_LOADED`: never to be taken for a fault of a file or of the line.
 */
export async function ifLoaded<Module>(loading: Promise<Module>): Promise<Module> {
  return await loading.catch((cause: unknown) => {
    throw new SealingError('NOT_LOADED', 'code of the page did not come', cause)
  })
}
