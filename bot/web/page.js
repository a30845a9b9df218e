// The page works without this. With it an answer is put below what stands there, instead of in its place, and leaving
// leaves no entry in the history.
(() => {
  'use strict';
  if (!window.fetch || !window.DOMParser || !window.URLSearchParams || !Element.prototype.closest) return;

  const byId = (id, of) => (of || document).getElementById(id);
  const text = (name) => document.body.dataset[name];
  let busy = false; // a form is on its way
  let gone = false; // somebody has left
  let pressed = null; // the button that sends the form
  let taping = null; // the recording under way

  const ask = (path, body) => fetch(path, {
    method: 'POST', body, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer',
  });

  function leave() {
    if (gone) return;
    gone = true;
    const form = byId('leave');
    const away = new URL('away/' + form.elements.l.value, document.baseURI);
    const told = new URLSearchParams(new FormData(form));
    document.body.textContent = '';
    document.title = '';
    if (told.get('c') && !(navigator.sendBeacon && navigator.sendBeacon('away', told))) {
      fetch('away', { method: 'POST', body: told, keepalive: true, credentials: 'omit' }).catch(() => {});
    }
    location.replace(away);
    stop();
  }

  function notice(words) {
    const p = document.createElement('p');
    p.textContent = words;
    byId('notice').replaceChildren(...(words ? [p] : []));
    if (words) byId('notice').scrollIntoView({ block: 'nearest' });
  }

  async function send(button, more) {
    if (busy || gone) return;
    busy = true;
    const form = byId('form');
    form.setAttribute('aria-busy', 'true');
    let body = new FormData(form);
    if (button && button.name) body.set(button.name, button.value);
    for (const [name, value] of Object.entries(more || {})) body.set(name, value);
    if (!(more && more.voice)) body = new URLSearchParams(body);
    const wrote = !more && (!button || button.className === 'send' || button.name === 'd');
    try {
      const answer = await ask('./', body);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (gone) return;
      if (answer.headers.get('X-Away')) return leave();
      if (answer.ok) {
        show(page, wrote);
      } else {
        const said = byId('notice', page);
        notice(said && said.textContent.trim() || text('unsent'));
        const doubt = page.querySelector('#hidden [name=u]');
        if (doubt && !form.elements.u) byId('hidden').append(document.adoptNode(doubt));
      }
    } catch (e) {
      if (!gone) notice(text('unsent'));
    } finally {
      busy = false;
      form.removeAttribute('aria-busy');
    }
  }

  // show puts an answer below what stands there.
  function show(page, wrote) {
    stop();
    const log = byId('log');
    const turn = page.querySelector('.turn');
    if ('first' in document.body.dataset) {
      log.textContent = '';
      delete document.body.dataset.first;
    }
    if ('erased' in page.body.dataset) {
      log.querySelectorAll('article:not(.keep), .answered').forEach((e) => e.remove());
      log.querySelectorAll('.turn:empty').forEach((e) => e.remove());
    }
    if (turn.querySelector('[data-over]')) {
      const before = log.querySelectorAll('article');
      if (before.length) before[before.length - 1].remove();
    }
    const root = document.documentElement;
    root.lang = page.documentElement.lang;
    root.dir = page.documentElement.dir;
    for (const id of ['hidden', 'ask']) byId(id).replaceWith(document.adoptNode(byId(id, page)));
    byId('notice').replaceChildren(...byId('notice', page).childNodes);
    byId('leave').replaceChildren(...byId('leave', page).childNodes);
    Object.assign(document.body.dataset, page.body.dataset);
    log.append(document.adoptNode(turn));
    equip();
    const field = byId('text');
    const at = wrote && field ? field : byId('ask');
    at.focus({ preventScroll: true });
    turn.scrollIntoView({ block: 'start' });
    shown();
  }

  // shown says that a receipt stands on the screen.
  async function shown() {
    const form = byId('form').elements;
    if (!form.s.value) return;
    const body = new URLSearchParams({ c: form.c.value, s: form.s.value });
    const answer = await ask('shown', body).catch(() => null);
    if (answer && answer.ok && form.s.value === body.get('s')) form.s.value = '';
  }

  // equip shows what only works with this script.
  function equip() {
    document.querySelectorAll('.copy').forEach((b) => { b.hidden = !navigator.clipboard; });
    if (byId('place') && navigator.geolocation) byId('place').hidden = false;
    if (byId('voice') && tape()) byId('voice').hidden = false;
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      notice(text('copied'));
    } catch (e) {
      button.hidden = true; // the number can still be selected
    }
  }

  function place() {
    navigator.geolocation.getCurrentPosition(
      (p) => send(null, { place: p.coords.latitude.toFixed(3) + ',' + p.coords.longitude.toFixed(3) }),
      () => notice(text('noplace')),
      { timeout: 20000, maximumAge: 60000 },
    );
  }

  // tape gives the form in which this browser records what can be taken; nothing if there is none.
  function tape() {
    if (!window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return '';
    return ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus'].find((t) => MediaRecorder.isTypeSupported(t)) || '';
  }

  async function record() {
    if (taping) return stop();
    const button = byId('record');
    const begin = button.textContent;
    let sound;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (e) {
      return notice(text('nosound'));
    }
    if (gone || byId('record') !== button || taping) return sound.getTracks().forEach((t) => t.stop());
    drop();
    const parts = [];
    const recorder = new MediaRecorder(sound, { mimeType: tape(), audioBitsPerSecond: 16000 });
    recorder.addEventListener('dataavailable', (e) => parts.push(e.data));
    recorder.addEventListener('stop', () => {
      sound.getTracks().forEach((t) => t.stop());
      clearTimeout(timer);
      taping = null;
      if (gone || byId('record') !== button) return;
      button.textContent = begin;
      button.classList.remove('on');
      const taken = byId('taken');
      taken.sound = new Blob(parts, { type: tape() });
      taken.querySelector('audio').src = URL.createObjectURL(taken.sound);
      taken.hidden = false;
      document.querySelector('.send').hidden = true; // one button sends both
    });
    const timer = setTimeout(stop, Number(byId('voice').dataset.long) * 1000);
    taping = recorder;
    recorder.start();
    button.textContent = button.dataset.stop;
    button.classList.add('on');
  }

  function stop() {
    if (taping && taping.state !== 'inactive') taping.stop();
  }

  function drop() {
    const taken = byId('taken');
    const audio = taken.querySelector('audio');
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.removeAttribute('src');
    taken.sound = null;
    taken.hidden = true;
    document.querySelector('.send').hidden = false;
  }

  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' || e.key === 'Esc') return leave();
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.target.id !== 'text' || e.target.rows > 1) return;
    e.preventDefault(); // a field of one line
    send(null);
  }, true);
  document.addEventListener('click', (e) => {
    const button = e.target.closest('button');
    pressed = button;
    if (!button) return;
    if (button.className === 'copy') copy(button);
    if (button.id === 'place') place();
    if (button.id === 'record') record();
    if (button.id === 'drop') drop();
    if (button.id === 'say' && byId('taken').sound) send(null, { voice: byId('taken').sound });
  });
  document.addEventListener('submit', (e) => {
    e.preventDefault();
    if (e.target.id === 'leave') return leave();
    const button = e.submitter || pressed;
    pressed = null;
    send(button);
  });
  window.addEventListener('pageshow', (e) => { // from the browser's memory of a page that was left
    if (e.persisted && gone) location.replace(new URL('away', document.baseURI));
  });
  equip();
})();
