import type { CommandGroup } from '../frame/command.ts'
import { keyringCeremony } from './ceremony.ts'
import { keyringAdd, keyringInit } from './init-and-add.ts'
import { keyringOrganisation } from './organisation.ts'
import { keyringRetire, keyringRotate } from './rotate-and-retire.ts'
import { keyringShow, keyringVerify } from './show-and-verify.ts'
import { keyringSign } from './sign.ts'

export const command: CommandGroup = {
  name: 'keyring',
  summary: 'hold the ceremony and manage who may read tips',
  subcommands: [
    keyringCeremony,
    keyringInit,
    keyringAdd,
    keyringRotate,
    keyringRetire,
    keyringOrganisation,
    keyringSign,
    keyringVerify,
    keyringShow,
  ],
}
