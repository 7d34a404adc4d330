// A tiny single-page app for tests: views are drawn by script and the address
// changes by history.pushState. CC0.
const views = {
  '': {
    title: 'Shore notebook',
    url: '/app/',
    delay: 0,
    parts: [
      '<h1>Shore notebook</h1>',
      '<p>Four entries, written standing up and typed out afterwards with cold fingers. Choose one above.</p>',
    ],
  },
  tides: {
    title: 'Why there are two tides a day – Shore notebook',
    url: '/app/?view=tides',
    delay: 0,
    parts: [
      '<h1>Why there are two tides a day</h1>',
      '<p>Everybody knows that the moon pulls the sea. Hardly anybody can say why it rises on the far side too. The moon pulls the near water more than it pulls the earth, and the earth more than it pulls the far water, so that the far water is simply left behind.</p>',
      '<p>When sun and moon stand in a line, at new and at full, the two pulls add up and we have springs; when they stand at a right angle we have neaps. At Morecambe the difference between the two is a walk of four miles.</p>',
      '<p>The old shrimpers here use the rule of twelfths: in the six hours of a rising tide the water comes up by one, two, three, three, two and one twelfths of its range. It is in the third hour that people drown.</p>',
    ],
  },
  lichens: {
    title: 'Reading a gravestone by its lichens – Shore notebook',
    url: '/app/?view=lichens',
    delay: 600,
    parts: [
      '<h1>Reading a gravestone by its lichens</h1>',
      '<p>A lichen is a fungus that has taken up farming. It builds the house, and green algae inside it make the sugar. The commonest kind on our churchyard slate grows half a millimetre a year, outwards, in a ring like a coin.</p>',
      '<p>So the largest ring on a dated stone gives you the rate, and the largest ring on an undated wall then gives you its age. Glaciologists date moraines in this way. The sexton uses it to tell which of two cousins was buried first.</p>',
      '<p>The orange one near the gulls is Xanthoria, which loves droppings. Where the air is foul only a grey-green crust survives; beards of Usnea on the yews mean that you may breathe in.</p>',
    ],
  },
  peat: {
    title: 'What the bog keeps – Shore notebook',
    url: '/app/?view=peat',
    delay: 150,
    laterAfter: 1500,
    parts: [
      '<h1>What the bog keeps</h1>',
      '<p>Peat grows by a millimetre a year, because moss dies from the bottom faster than it can rot. A metre of it is a thousand years, laid flat.</p>',
    ],
    later: [
      '<p>Sphagnum makes the water sour and takes the oxygen out of it. Butter buried in a keg in the Bronze Age comes out as a kind of cheese. A man who was hanged comes out with his stubble and his last porridge.</p>',
      '<p>Drain the bog and all this begins to rot at once; a hectare of dry peat breathes out as much carbon as a dozen cars. Blocking a ditch takes two people, three planks and a morning.</p>',
    ],
  },
  owls: {
    title: 'Silent feathers – Shore notebook',
    url: '/app/night/owls',
    delay: 300,
    parts: [
      '<h1>Silent feathers</h1>',
      '<p>A barn owl crossed the lane at the height of my hat and I heard nothing whatever. The front edge of its wing carries a comb, the back edge a fringe, and between them lies a pile like velvet. Each takes a little of the noise out of the air.</p>',
      '<p>The price is that the velvet soaks up rain. In a wet week barn owls starve, sitting dry in the loft, while the voles walk about below.</p>',
      '<p>Engineers who have cut such a fringe into the blades of a turbine report that it is quieter by ten decibels.</p>',
    ],
  },
};

const main = document.getElementById('view');
let turn = 0;

function nameFromAddress() {
  if (location.pathname.startsWith('/app/night/owls')) return 'owls';
  const name = new URLSearchParams(location.search).get('view') ?? '';
  return name in views ? name : '';
}

function show(name) {
  const view = views[name];
  turn += 1;
  const mine = turn;
  const draw = () => {
    if (mine !== turn) return;
    main.innerHTML = `<article>${view.parts.join('')}</article>`;
    document.title = view.title;
    if (!view.later) return;
    setTimeout(() => {
      if (mine === turn) main.firstElementChild.insertAdjacentHTML('beforeend', view.later.join(''));
    }, view.laterAfter);
  };
  if (view.delay === 0) draw();
  else {
    main.innerHTML = '<p class="soft" role="status">Turning the page …</p>';
    setTimeout(draw, view.delay);
  }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-view]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = link.dataset.view;
  if (views[name].url !== location.pathname + location.search) {
    history.pushState(null, '', views[name].url);
  }
  show(name);
});
addEventListener('popstate', () => show(nameFromAddress()));
show(nameFromAddress());
