import type { Organisation } from './organisation.ts'

/** How the demo describes itself, so that nobody takes it for a service. */
export const demoOrganisation: Organisation = {
  format: 'tumen-organisation',
  version: 1,
  languages: {
    en: {
      name: 'DEMO',
      about: 'DEMO. Nobody runs this page. It is for trying out: what you write here helps nobody.',
      reading: 'DEMO. Nobody reads what is sent here.',
      elsewhere: 'DEMO. A real organisation names here who else can help.',
      title: 'DEMO',
    },
    ko: {
      name: 'DEMO (시험용)',
      about:
        'DEMO. 운영하는 사람이 없는 시험용 화면입니다. 여기에 쓰신 글은 누구에게도 도움이 되지 않습니다.',
      reading: 'DEMO. 여기로 보낸 글은 아무도 읽지 않습니다.',
      elsewhere: 'DEMO. 실제로는 도움을 청할 수 있는 다른 곳을 여기에 적습니다.',
      title: 'DEMO',
    },
    zh: {
      name: 'DEMO（试用）',
      about: 'DEMO。这是试用页面，没有人在运营。在这里写的内容帮不到任何人。',
      reading: 'DEMO。发到这里的内容没有人读。',
      elsewhere: 'DEMO。真实的机构会在这里写明还可以向谁求助。',
      title: 'DEMO',
    },
    ru: {
      name: 'DEMO (проба)',
      about: 'DEMO. Это пробная страница, её никто не ведёт. Написанное здесь никому не поможет.',
      reading: 'DEMO. Отправленное сюда никто не читает.',
      elsewhere: 'DEMO. Настоящая организация указывает здесь, кто ещё может помочь.',
      title: 'DEMO',
    },
  },
  addresses: [],
}
