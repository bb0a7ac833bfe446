import type { CommandGroup } from './command.ts'
import { keyringCeremony } from './keyring-ceremony.ts'
import { keyringAdd, keyringInit } from './keyring-edit.ts'
import { keyringRetire, keyringRotate } from './keyring-rotate.ts'
import { keyringShow, keyringVerify } from './keyring-show.ts'
import { keyringSign } from './keyring-sign.ts'

export const command: CommandGroup = {
  name: 'keyring',
  summary: 'hold the ceremony: who may read tips',
  subcommands: [
    keyringCeremony,
    keyringInit,
    keyringAdd,
    keyringRotate,
    keyringRetire,
    keyringSign,
    keyringVerify,
    keyringShow,
  ],
}
