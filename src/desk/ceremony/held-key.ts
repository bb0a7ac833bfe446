import { maxKeyFileBytes } from '../../keyring/bounds.ts'
import { readBounded } from '../../disk/small-files.ts'
import { parseSecretKey } from '../../keyring/minisign.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import type { Secret } from '../../keyring/secret.ts'
import { MinisignError } from '../../keyring/errors.ts'
import type { Guide } from './guide.ts'
import { CeremonyError } from './errors.ts'

/** A secret key of the ceremony, read once per run with its passphrase, and wiped at the end. */
export class HeldKey {
  readonly #path: string
  readonly #guide: Pick<Guide, 'say' | 'passphraseOf'>
  #key: SigningKey | null = null

  constructor(path: string, guide: Pick<Guide, 'say' | 'passphraseOf'>) {
    this.#path = path
    this.#guide = guide
  }

  /**
   * Asks again after a wrong passphrase.
   * @throws CeremonyError `STATE_LOST`; MinisignError.
   */
  async get(): Promise<SigningKey> {
    this.#key ??= await this.#read()
    return this.#key
  }

  /**
   * Holds a key that was made just now, so that nobody has to enter its passphrase again in this
   * run.
   */
  hold(text: string, passphrase: Secret): void {
    this.wipe()
    this.#key = parseSecretKey(text, passphrase)
  }

  wipe(): void {
    this.#key?.secret.wipe()
    this.#key = null
  }

  async #read(): Promise<SigningKey> {
    const bytes = await readBounded(this.#path, maxKeyFileBytes)
    if (bytes === null)
      throw new CeremonyError(
        'STATE_LOST',
        `${this.#path} is missing: it was there when its step was done`,
      )
    const text = new TextDecoder().decode(bytes)
    bytes.fill(0)
    for (;;) {
      const passphrase = await this.#guide.passphraseOf(this.#path)
      try {
        return parseSecretKey(text, passphrase)
      } catch (error) {
        if (!(error instanceof MinisignError) || error.code !== 'PASSPHRASE_WRONG') throw error
        this.#guide.say(`  ${error.message}`)
      } finally {
        passphrase.wipe()
      }
    }
  }
}
