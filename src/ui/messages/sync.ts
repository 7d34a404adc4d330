import { defineWords } from '../i18n/words.ts';

export const syncWords = defineWords({
  title: { en: 'Sync', ko: '동기화' },
  what: {
    en: 'Off, and nothing leaves this machine. With a Qdrant of your own, your devices can share their pages, and you have a copy of them.',
    ko: '꺼져 있으면 아무것도 이 컴퓨터를 떠나지 않아요. 내 Qdrant 서버가 있으면 여러 기기에서 페이지를 함께 쓰고, 사본도 남길 수 있어요.',
  },
  never: {
    en: 'Pages held back, private pages and sites you exclude are never sent.',
    ko: '보류한 페이지와 비공개 페이지, 제외한 사이트는 절대 보내지 않아요.',
  },
  url: { en: 'Address of the Qdrant', ko: 'Qdrant 주소' },
  urlHelp: {
    en: 'Where your pages go, and nowhere else: https://qdrant.example:6333.',
    ko: '페이지를 보낼 곳이에요(예: https://qdrant.example:6333). 다른 곳에는 보내지 않아요.',
  },
  apiKey: { en: 'Key', ko: '키' },
  apiKeyHelp: {
    en: 'An API key or a token that may write. Empty when the server asks for none.',
    ko: '쓰기 권한이 있는 API 키나 토큰이에요. 서버가 요구하지 않으면 비워 두세요.',
  },
  collection: { en: 'Collection', ko: '컬렉션' },
  collectionHelp: {
    en: 'The name your pages have there, the same on every device. It is made when it is not there.',
    ko: '서버에서 페이지를 담을 이름이에요. 모든 기기에서 같아야 하고, 없으면 만들어요.',
  },
  mode: { en: 'What the server can read', ko: '서버가 읽을 수 있는 것' },
  sealed: { en: 'Nothing: everything is encrypted', ko: '없음: 모두 암호화' },
  plain: { en: 'Everything: nothing is encrypted', ko: '전부: 암호화하지 않음' },
  sealedHelp: {
    en: 'Text, titles and addresses are encrypted with your passphrase. The server can still rank pages by meaning.',
    ko: '글과 제목, 주소를 암호 문구로 암호화해요. 그래도 서버는 의미로 순위를 매길 수 있어요.',
  },
  plainHelp: {
    en: 'Whoever can read the server, its disk or its backups can read every page you have read, with its address and the time.',
    ko: '서버나 디스크, 백업을 볼 수 있는 사람은 읽은 페이지와 주소, 시각을 모두 볼 수 있어요.',
  },
  passphrase: { en: 'Passphrase', ko: '암호 문구' },
  passphraseHelp: {
    en: 'The same on every device. It is not stored anywhere and nobody can recover it.',
    ko: '모든 기기에서 같아야 해요. 어디에도 저장하지 않아서 아무도 되찾을 수 없어요.',
  },
  cluster: { en: 'For a cluster', ko: '클러스터 설정' },
  shards: { en: 'Shards', ko: '샤드' },
  shardsHelp: {
    en: 'Parts that a new collection is split into over the machines. Empty leaves it to the server.',
    ko: '새 컬렉션을 여러 서버에 나눌 조각 수예요. 비우면 서버가 정해요.',
  },
  replicas: { en: 'Copies of each shard', ko: '샤드별 복제본' },
  replicasHelp: {
    en: 'How often each part is kept, so that a machine may be lost. Empty leaves it to the server.',
    ko: '조각마다 둘 복제본 수예요. 서버 하나를 잃어도 남아요. 비우면 서버가 정해요.',
  },
  allowInsecure: {
    en: 'Send the key and the pages unencrypted all the same',
    ko: '그래도 키와 페이지를 암호화되지 않은 연결로 보내기',
  },
  test: { en: 'Test the connection', ko: '연결 확인' },
  setUp: { en: 'Turn sync on', ko: '동기화 켜기' },
  busy: { en: 'One moment.', ko: '잠시만 기다려 주세요.' },
  found: {
    en: 'Qdrant {version} answers and the key may write.',
    ko: 'Qdrant {version}에 연결되고 키에 쓰기 권한이 있어요.',
  },
  foundEmpty: {
    en: 'Qdrant {version} answers. The collection will be made when sync is turned on.',
    ko: 'Qdrant {version}에 연결돼요. 동기화를 켜면 컬렉션을 만들어요.',
  },
  byHand: {
    en: 'If your key may not make collections, make it by hand',
    ko: '키로 컬렉션을 만들 수 없으면 직접 만들기',
  },

  badAddress: {
    en: 'This is not an address. It looks like https://qdrant.example:6333.',
    ko: '주소가 아니에요. https://qdrant.example:6333처럼 적어 주세요.',
  },
  noPermission: {
    en: 'The browser was not allowed to reach this host, so nothing was sent.',
    ko: '이 호스트에 연결하도록 허용하지 않아서 아무것도 보내지 않았어요.',
  },
  insecure: {
    en: 'This address is not encrypted and not on this machine: the key and the pages could be read on the way.',
    ko: '암호화되지 않은 다른 컴퓨터의 주소예요. 중간에서 키와 페이지를 볼 수 있어요.',
  },
  wrongPassphrase: {
    en: 'The passphrase does not open this mirror.',
    ko: '암호 문구가 맞지 않아요.',
  },
  otherMode: {
    en: 'The mirror in this collection was made the other way. Choose that, or another collection.',
    ko: '이 컬렉션은 다른 방식으로 만들어졌어요. 그 방식이나 다른 컬렉션을 골라 주세요.',
  },
  unreachable: {
    en: 'The server cannot be reached. Check the address, that Qdrant runs, and for https that its certificate is valid.',
    ko: '서버에 연결할 수 없어요. 주소와 Qdrant 실행 여부, https라면 인증서를 확인해 주세요.',
  },
  certificate: {
    en: 'No secure connection: nothing answers at this address, or its certificate is not one the browser trusts. Open the address in a tab to see which.',
    ko: '보안 연결을 할 수 없어요. 이 주소에서 응답이 없거나 브라우저가 인증서를 믿지 않아요. 주소를 탭에서 열면 어느 쪽인지 알 수 있어요.',
  },
  mayNotCreate: {
    en: 'The key may not make collections. Run these lines with one that may, then turn sync on.',
    ko: '이 키로는 컬렉션을 만들 수 없어요. 만들 수 있는 키로 아래 명령을 실행한 뒤 동기화를 켜 주세요.',
  },
  timeout: { en: 'The server did not answer in time.', ko: '서버가 제때 응답하지 않았어요.' },
  unauthorised: { en: 'The server does not accept the key.', ko: '서버가 키를 받아들이지 않아요.' },
  readOnly: {
    en: 'The key may not do this. It needs the right to write.',
    ko: '키에 권한이 없어요. 쓰기 권한이 필요해요.',
  },
  notFound: { en: 'The collection is not there.', ko: '컬렉션이 없어요.' },
  serverBusy: { en: 'The server asks to wait.', ko: '서버가 기다려 달라고 해요.' },
  tooLarge: {
    en: 'The server does not take so much at once.',
    ko: '서버가 한 번에 이만큼은 받지 않아요.',
  },
  serverError: { en: 'The server failed.', ko: '서버에서 오류가 났어요.' },
  notQdrant: {
    en: 'Something answers at this address, but it is not a Qdrant.',
    ko: '이 주소에서 응답은 오지만 Qdrant가 아니에요.',
  },
  tooOld: {
    en: 'This Qdrant is too old. 1.15 or newer is needed.',
    ko: 'Qdrant가 너무 오래됐어요. 1.15 이상이 필요해요.',
  },
  wrongCollection: {
    en: 'The collection holds something else. Choose another name.',
    ko: '컬렉션에 다른 것이 들어 있어요. 다른 이름을 골라 주세요.',
  },
  mirrorGone: {
    en: 'Another device emptied the mirror or made it anew with new keys.',
    ko: '다른 기기에서 비우거나 새 키로 다시 만들었어요.',
  },
  invalidAnswer: {
    en: 'The server’s answer cannot be read.',
    ko: '서버의 응답을 읽을 수 없어요.',
  },
  refused: { en: 'The server refused.', ko: '서버가 거절했어요.' },

  where: { en: 'Where', ko: '위치' },
  idle: { en: 'Everything is sent.', ko: '모두 보냈어요.' },
  soon: { en: 'Sends what is new within minutes.', ko: '새 페이지를 몇 분 안에 보내요.' },
  working: { en: 'Sending and receiving.', ko: '주고받는 중이에요.' },
  waiting: { en: 'Tries again at {time}.', ko: '{time}에 다시 시도해요.' },
  stopped: { en: 'Stopped until you decide.', ko: '확인이 필요해서 멈췄어요.' },
  paused: { en: 'Paused.', ko: '멈춰 두었어요.' },
  metered: {
    en: 'Waits for a connection that is not metered.',
    ko: '요금이 붙지 않는 연결을 기다려요.',
  },
  deleting: {
    en: { one: 'Deleting: {count} point left.', other: 'Deleting: {count} points left.' },
    ko: { other: '지우는 중: {count}개 남음' },
  },
  deleted: {
    en: {
      one: 'Sync is off. {count} point is left on the server.',
      other: 'Sync is off. {count} points are left on the server.',
    },
    ko: { other: '동기화를 껐어요. 서버에 남은 것은 {count}개예요.' },
  },
  pending: { en: 'Waiting to be sent', ko: '보낼 페이지' },
  sent: { en: 'Sent since the browser started', ko: '브라우저를 켠 뒤 보냄' },
  received: { en: 'Received since the browser started', ko: '브라우저를 켠 뒤 받음' },
  unreadable: { en: 'Could not be read', ko: '읽지 못함' },
  aside: {
    en: { one: '{count} page could not be sent', other: '{count} pages could not be sent' },
    ko: { other: '보내지 못한 페이지 {count}개' },
  },
  retry: { en: 'Try them again', ko: '다시 보내기' },
  now: { en: 'Sync now', ko: '지금 동기화' },
  pause: { en: 'Pause sync', ko: '동기화 멈춤' },
  pauseHelp: {
    en: 'What you read meanwhile is sent afterwards.',
    ko: '그동안 읽은 것은 나중에 보내요.',
  },
  avoidMetered: { en: 'Not over metered connections', ko: '요금이 붙는 연결에서는 하지 않기' },
  avoidMeteredHelp: {
    en: 'Where the browser says that a connection is mobile or saves data.',
    ko: '모바일이나 데이터 절약 연결이라고 브라우저가 알려 줄 때예요.',
  },
  searchAll: { en: 'Search all my devices', ko: '모든 기기에서 찾기' },
  searchAllHelp: {
    en: 'A search asks the server too, for pages that have not come here yet. The list never waits for it.',
    ko: '아직 받지 못한 페이지를 서버에서도 찾아요. 목록은 기다리지 않고 바로 나와요.',
  },
  rejoin: { en: 'Join again', ko: '다시 연결하기' },
  rejoinHelp: {
    en: 'With the passphrase it has now, or a new one if it is empty. Nothing of this device is lost.',
    ko: '지금 쓰는 암호 문구를, 비어 있으면 새 암호 문구를 적어 주세요. 이 기기의 페이지는 그대로예요.',
  },
  newKeys: { en: 'Make new keys', ko: '새 키 만들기' },
  newKeysHelp: {
    en: 'When the passphrase is lost, or someone may know it. Empties the mirror and sends everything again under new keys; your other devices join again with the new passphrase.',
    ko: '암호 문구를 잊었거나 누군가 알아냈을 수 있을 때 쓰세요. 서버를 비우고 새 키로 모두 다시 보내요. 다른 기기는 새 암호 문구로 다시 연결하면 돼요.',
  },
  changePassphrase: { en: 'Change the passphrase', ko: '암호 문구 바꾸기' },
  changePassphraseHelp: {
    en: 'Devices that are set up go on; new ones need the new passphrase. If someone may know the old one, make new keys instead.',
    ko: '이미 연결한 기기는 그대로 쓰고, 새 기기에는 새 암호 문구가 필요해요. 누군가 알아냈을 수 있다면 새 키를 만들어 주세요.',
  },
  oldPassphrase: { en: 'Present passphrase', ko: '지금 암호 문구' },
  oldPassphraseHelp: {
    en: 'The one that devices joined with until now.',
    ko: '지금까지 기기를 연결할 때 쓰던 암호 문구예요.',
  },
  newPassphrase: { en: 'New passphrase', ko: '새 암호 문구' },
  changed: { en: 'The passphrase was changed.', ko: '암호 문구를 바꿨어요.' },
  leave: { en: 'Leave sync', ko: '동기화 그만두기' },
  leaveHelp: {
    en: 'The key and the encryption keys are deleted here. Your pages stay, here and on the server.',
    ko: '이 기기에서 키와 암호화 키를 지워요. 페이지는 여기와 서버에 그대로 남아요.',
  },
  deleteAll: { en: 'Delete everything I synced', ko: '동기화한 것 모두 지우기' },
  deleteAllHelp: {
    en: 'Empties the collection, for all devices, and leaves sync. The pages on your devices stay.',
    ko: '모든 기기의 것을 서버에서 지우고 동기화를 그만둬요. 기기의 페이지는 남아요.',
  },
  really: { en: 'Yes, delete it all', ko: '네, 모두 지워요' },
});
