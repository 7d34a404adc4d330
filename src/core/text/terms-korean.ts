/**
 * Particles and the commonest endings after a noun, longest first. A light rule in place of a
 * morphological analyser: what it cuts too much or too little, the bigrams of the word make up for.
 */
const particles = (
  '에서부터 으로부터 에게서는 이라고는 ' +
  '에서는 에게는 으로는 이라는 이라고 까지는 부터는 에서도 으로도 이었다 입니다 이지만 한테서 로부터 ' +
  '에서 에게 에는 에도 으로 로는 로서 로써 라는 라고 라며 이며 이나 이란 까지 부터 처럼 보다 마다 조차 ' +
  '하고 한테 께서 에의 와의 과의 들의 들이 들은 들을 들과 들도 이다 였다 이라 밖에 만의 만을 만이 ' +
  '은 는 이 가 을 를 의 에 로 와 과 도 만 들 나 야 요'
)
  .split(' ')
  .sort((a, b) => b.length - a.length);

/** The word without its particle; at least two syllables stay. */
export function stripParticle(word: string): string {
  for (const particle of particles) {
    if (word.length - particle.length >= 2 && word.endsWith(particle)) {
      return word.slice(0, -particle.length);
    }
  }
  return word;
}

/** What a particle can begin with, whole particles included. */
const beginnings = new Set(
  particles.flatMap((particle) => [...particle].map((_, i) => particle.slice(0, i + 1))),
);

/** The part of a word that stays in its stem whatever letters follow the word. */
export function lastingPart(word: string): string {
  const longest = particles[0]?.length ?? 0;
  for (let at = Math.max(0, word.length - longest); at < word.length; at++) {
    if (beginnings.has(word.slice(at))) return word.slice(0, at);
  }
  return word;
}
