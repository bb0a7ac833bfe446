import type { Language } from './languages.ts'

export interface PageTexts {
  title: string
  demo: string
  intro: readonly string[]
  sealHeading: string
  sealIntro: string
  sealNew: string
  sealOld: string
  sealTumen: string
  sendHeading: string
  sendLabel: string
  send: string
  receiptHeading: string
  receiptKeep: string
  states: Readonly<Record<'accepted' | 'stored' | 'collected', string>>
  problemHeading: string
  home: string
}

export const PAGE_TEXTS: Readonly<Record<Language, PageTexts>> = {
  en: {
    title: 'Tell us about someone who was detained',
    demo: 'DEMO. This server is for trying out. Do not send anything real.',
    intro: [
      'Write only what feels safe. What you send is sealed on your device: only a few named staff can open it, and not on this server.',
      'If you are inside China or North Korea, it may be safer for someone outside to write.',
      'Leave out your name, address and number, and everyone who helps or is still hiding.',
    ],
    sealHeading: '1. Seal it on your device',
    sealIntro: 'Put what you want to tell into one file or folder, then seal it with one of these:',
    sealNew: 'with age 1.3 or later',
    sealOld: 'with an older age',
    sealTumen: 'with tumen',
    sendHeading: '2. Send the sealed file',
    sendLabel: 'The sealed file (ends in .age)',
    send: 'Send',
    receiptHeading: 'We have it',
    receiptKeep: 'This is your receipt. You can come back with it to see whether your message was read. It does not open anything.',
    states: {
      accepted: 'It arrived and is safe.',
      stored: 'It is stored and waits for our staff.',
      collected: 'Our staff have taken it to read.',
    },
    problemHeading: 'That did not work',
    home: 'Back to the start',
  },
  ko: {
    title: '잡혀간 사람에 대해 알려 주세요',
    demo: '연습용(DEMO)입니다. 이 서버는 시험용이니 실제 내용을 보내지 마세요.',
    intro: [
      '안전하다고 생각되는 것만 쓰세요. 보내는 내용은 당신의 기기에서 봉인됩니다. 정해진 몇 사람만 열 수 있고, 이 서버에서는 열 수 없습니다.',
      '지금 중국이나 북한 안에 있다면, 밖에 있는 사람이 쓰는 것이 더 안전할 수 있습니다.',
      '당신의 이름, 주소, 전화번호, 도와주는 사람과 아직 숨어 있는 사람은 쓰지 마세요.',
    ],
    sealHeading: '1. 당신의 기기에서 봉인하세요',
    sealIntro: '알리고 싶은 것을 파일이나 폴더 하나에 담은 다음, 아래 방법 중 하나로 봉인하세요.',
    sealNew: 'age 1.3 이상',
    sealOld: '그보다 오래된 age',
    sealTumen: 'tumen',
    sendHeading: '2. 봉인한 파일을 보내세요',
    sendLabel: '봉인한 파일 (.age로 끝남)',
    send: '보내기',
    receiptHeading: '잘 받았습니다',
    receiptKeep: '이것은 접수증입니다. 나중에 이것으로 우리가 읽었는지 볼 수 있습니다. 이것으로는 아무것도 열 수 없습니다.',
    states: {
      accepted: '도착했고 안전하게 보관되었습니다.',
      stored: '보관되어 담당자를 기다리고 있습니다.',
      collected: '담당자가 읽으려고 가져갔습니다.',
    },
    problemHeading: '보내지 못했습니다',
    home: '처음으로',
  },
  zh: {
    title: '告诉我们谁被抓了',
    demo: '演示（DEMO）。此服务器仅供试用，请不要发送真实内容。',
    intro: [
      '只写您觉得安全的内容。您发送的内容会在您的设备上封好，只有少数指定的工作人员能打开，这台服务器打不开。',
      '如果您现在在中国或朝鲜境内，由境外的人来写可能更安全。',
      '请不要写您的姓名、地址、电话，也不要写帮助您的人和仍在躲藏的人。',
    ],
    sealHeading: '1. 在您的设备上封好',
    sealIntro: '把想说的内容放进一个文件或文件夹，然后用下面任意一种方法封好：',
    sealNew: '用 age 1.3 或更新版本',
    sealOld: '用较旧的 age',
    sealTumen: '用 tumen',
    sendHeading: '2. 发送封好的文件',
    sendLabel: '封好的文件（以 .age 结尾）',
    send: '发送',
    receiptHeading: '我们已收到',
    receiptKeep: '这是您的回执。以后可以凭它查看我们是否已读。它不能打开任何内容。',
    states: {
      accepted: '已送达，并已安全保存。',
      stored: '已保存，等待工作人员查看。',
      collected: '工作人员已取走阅读。',
    },
    problemHeading: '没有成功',
    home: '返回首页',
  },
}
