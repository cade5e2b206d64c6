// What a page does better with a script: nothing here is needed for anything to work.
'use strict';

// A form that was sent is not sent again by a second press.
addEventListener('submit', event => {
  const form = event.target;
  if (form.method !== 'post' || 'many' in form.dataset) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = 'yes';
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));

// Parts of a page that follow what happens. A hidden page has no stream, and a browser at most four for all its pages:
// with six connections to a host, a seventh page would never open. Whoever finds no place is simply still.
const live = document.querySelector('[data-live]');
if (live && navigator.locks) {
  const PLACES = 4, button = document.getElementById('figer');
  let leave = null, still = false;
  // A part in which somebody stands with the keyboard is left alone until they have gone on.
  const put = (part, now) => { part.innerHTML = now; later.delete(part); }, later = new Map();
  document.addEventListener('focusout', () => setTimeout(() => {
    for (const [part, now] of later) if (!part.contains(document.activeElement)) put(part, now);
  }));
  const follow = place => place && new Promise(left => {
    const stream = new EventSource(live.dataset.live);
    leave = () => { stream.close(); leave = null; left(true); };
    const end = () => { still = true; leave(); if (button) button.hidden = true; };
    stream.addEventListener('part', ({ data }) => {
      const at = data.indexOf('\n'), part = document.getElementById(data.slice(0, at)), now = data.slice(at + 1);
      if (!part) return;
      if (part.contains(document.activeElement)) later.set(part, now); else put(part, now);
    });
    stream.addEventListener('say', ({ data }) => {
      const said = document.getElementById('dit');
      if (said) said.textContent = data;
    });
    stream.addEventListener('end', end);
    // A browser tries again by itself, but not where somebody answered that it cannot be now.
    stream.addEventListener('error', () => {
      if (stream.readyState !== EventSource.CLOSED) return;
      leave();
      setTimeout(look, 30000);
    });
  });
  const begin = async () => {
    for (let place = 1; place <= PLACES && !leave && !still && !document.hidden; place++)
      if (await navigator.locks.request('direct-' + place, { ifAvailable: true }, follow)) return;
  };
  const look = () => document.hidden ? leave && leave() : begin();
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  if (button) {
    button.hidden = false;
    button.addEventListener('click', () => {
      still = !still;
      if (still) { if (leave) leave(); } else begin();
      button.textContent = still ? 'Reprendre les mises à jour' : 'Arrêter les mises à jour';
    });
  }
  look();
}

// A search that answers while one types: the page that it posts to, of which one part is put in the place of this
// one's. What was typed is kept with the place in the history, for who comes back; no address shows it.
const search = document.querySelector('form[data-answers]');
if (search) {
  const field = search.querySelector('input[type=search]');
  let asked = 0, timer = 0;
  const ask = async () => {
    clearTimeout(timer);
    const mine = ++asked, typed = field.value;
    const body = new URLSearchParams(new FormData(search));
    const answer = await fetch(search.getAttribute('action'), { method: 'post', body }).catch(() => null);
    if (!answer || !answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [here, there] = [document, page].map(it => it.getElementById(search.dataset.answers));
    if (!here || !there) return false;
    if (mine === asked) { here.replaceWith(there); history.replaceState({ typed }, ''); }
    return true;
  };
  search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
  search.addEventListener('submit', async event => {
    event.preventDefault();
    if (!await ask()) search.submit();
  });
  if (history.state && history.state.typed) { field.value = history.state.typed; ask(); }
}

// How many a choice means, as it is made. It is posted: an address shows neither a list nor a name.
const counted = document.querySelector('form[data-counts]');
if (counted) {
  let asked = 0;
  counted.addEventListener('change', async () => {
    const mine = ++asked, body = new URLSearchParams(new FormData(counted));
    const answer = await fetch(counted.dataset.counts, { method: 'post', body }).catch(() => null);
    const here = document.getElementById('compte');
    if (answer && answer.ok && mine === asked && here) here.outerHTML = await answer.text();
  });
}

// A text is read over as it is written.
const written = document.querySelector('form[data-reads]');
if (written) {
  let asked = 0, timer = 0;
  const read = async () => {
    const mine = ++asked, body = new URLSearchParams(new FormData(written));
    const answer = await fetch(written.dataset.reads, { method: 'post', body }).catch(() => null);
    const here = document.getElementById('relecture');
    if (answer && answer.ok && mine === asked && here) here.outerHTML = await answer.text();
  };
  written.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(read, 500); });
}

// What is being made is looked at again until it is made.
const again = () => {
  const part = document.querySelector('[data-again]');
  if (part) setTimeout(async () => {
    const answer = await fetch(location.pathname + location.search).catch(() => null);
    if (!answer || !answer.ok) { again(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const there = page.getElementById(part.id);
    if (!there || !('again' in there.dataset)) { location.reload(); return; }
    part.replaceWith(there);
    again();
  }, part.dataset.again * 1000);
};
again();

// A text is copied whole; as a rich editor takes it, where it is HTML.
for (const button of document.querySelectorAll('[data-copies]')) {
  const from = document.getElementById(button.dataset.copies);
  if (!from) continue;
  button.hidden = false;
  button.addEventListener('click', () => {
    let drawn = null;
    if ('rich' in button.dataset) {
      drawn = document.createElement('div');
      drawn.innerHTML = from.value;
      document.body.append(drawn);
      getSelection().selectAllChildren(drawn);
    } else from.select();
    const done = document.execCommand('copy');
    if (drawn) drawn.remove();
    button.textContent = done ? 'Copié' : 'Sélectionnez le texte et copiez-le';
    button.focus();
  });
}

// The summary of what is wrong with a form is read first.
const faults = document.querySelector('.faults');
if (faults) faults.focus();
const print = document.getElementById('imprimer');
if (print) { print.hidden = false; print.addEventListener('click', () => window.print()); }
