// Adds the transcript's lines to a film, and remembers where its learner stopped and how fast they watch.
'use strict';

window.VideoBlock = function (runtime, element, args) {
  const WATCHED = 0.95; // of the film counts as all of it
  const SAVE_EVERY = 15; // seconds of film

  const video = element.querySelector('video');
  const transcript = element.querySelector('.video-transcript');
  const list = element.querySelector('.video-lines');
  const language = element.querySelector('.video-language');
  const status = element.querySelector('.video-transcript-status');
  let lines = [];

  // What the learner did is worth keeping, and never worth an error message over the film.
  function save(fields) {
    const url = runtime.handlerUrl(element, 'ajax_handler', 'save_user_state');
    fetch(url, { method: 'POST', body: new URLSearchParams(fields), keepalive: true }).catch(() => {});
  }

  function clock(seconds) {
    return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
      .map((part) => String(Math.floor(part)).padStart(2, '0'))
      .join(':');
  }

  function remember() {
    let saved = args.position;
    let done = false;
    const saveHere = () => {
      saved = video.currentTime;
      save({ saved_video_position: clock(saved) });
    };
    video.addEventListener('loadedmetadata', () => {
      video.playbackRate = args.speed;
      if (args.position > args.start) {
        video.currentTime = args.position;
      }
    }, { once: true });
    video.addEventListener('ratechange', () => {
      if (video.playbackRate !== args.speed) {
        args.speed = video.playbackRate;
        save({ speed: String(args.speed) });
      }
    });
    video.addEventListener('pause', saveHere);
    video.addEventListener('timeupdate', () => {
      const end = args.end || video.duration;
      if (!done && end > args.start && (video.currentTime - args.start) / (end - args.start) >= WATCHED) {
        done = true;
        fetch(runtime.handlerUrl(element, 'publish_completion'), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ completion: 1.0 }),
        }).catch(() => { done = false; });
      }
      if (Math.abs(video.currentTime - saved) >= SAVE_EVERY) {
        saveHere();
      }
      highlight(video.currentTime);
    });
  }

  // '00:01:02,500' and '01:02.500' in seconds
  function seconds(time) {
    return time.replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }

  // SubRip and WebVTT: blocks between empty lines, each with a line 'from --> to'
  function readSubRip(text) {
    return text.replace(/\r/g, '').split(/\n{2,}/).flatMap((block) => {
      const rows = block.split('\n');
      const at = rows.findIndex((row) => row.includes('-->'));
      if (at < 0) {
        return [];
      }
      const [from, to] = rows[at].split('-->').map((time) => seconds(time.trim().split(' ')[0]));
      return [{ from, to, text: rows.slice(at + 1).join(' ').replace(/<[^>]*>/g, '') }];
    });
  }

  // {start: [ms], end: [ms], text: [line]}
  function readSjson({ start, end, text }) {
    return text.map((line, index) => ({ from: start[index] / 1000, to: end[index] / 1000, text: line || '' }));
  }

  async function load(code) {
    status.textContent = '';
    list.replaceChildren();
    lines = [];
    try {
      const response = await fetch(args.transcripts[code]);
      if (!response.ok) {
        throw new Error(String(response.status));
      }
      const text = await response.text();
      lines = text.trimStart().startsWith('{') ? readSjson(JSON.parse(text)) : readSubRip(text);
    } catch {
      status.textContent = 'This transcript cannot be shown.';
    }
    show(code);
  }

  function show(code) {
    list.lang = code;
    list.replaceChildren(...lines.map((line) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = line.text;
      button.addEventListener('click', () => seek(line.from));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }));
  }

  function seek(time) {
    if (video) {
      video.currentTime = time;
      video.play();
    }
  }

  function highlight(time) {
    lines.forEach((line, index) => {
      const button = list.children[index].firstElementChild;
      const current = line.from <= time && time < line.to;
      if (current !== (button.getAttribute('aria-current') === 'true')) {
        button.setAttribute('aria-current', current);
        if (current) {
          list.scrollTop = button.offsetTop - list.offsetTop - list.clientHeight / 2;
        }
      }
    });
  }

  function offerTranscripts() {
    const codes = Object.keys(args.transcripts);
    if (codes.length === 0) {
      return;
    }
    const first = codes.includes(args.transcript_language) ? args.transcript_language : codes[0];
    const names = new Intl.DisplayNames(undefined, { type: 'language', fallback: 'code' });
    const nameOf = (code) => {
      try {
        return names.of(code);
      } catch {
        return code; // an author's own name for a language
      }
    };
    language.append(...codes.map((code) => new Option(nameOf(code), code, false, code === first)));
    language.addEventListener('change', () => {
      save({ transcript_language: language.value });
      load(language.value);
    });
    const toggle = element.querySelector('.video-transcript-toggle');
    const unfold = (open) => {
      list.hidden = !open;
      toggle.setAttribute('aria-expanded', open);
    };
    toggle.addEventListener('click', () => unfold(list.hidden));
    unfold(args.show_captions);
    transcript.hidden = false;
    load(first);
  }

  // YouTube learns who watches only when the learner says so.
  function offerYoutube(button) {
    button.addEventListener('click', () => {
      const player = document.createElement('iframe');
      const from = Math.max(args.position, args.start);
      player.src = `https://www.youtube-nocookie.com/embed/${encodeURIComponent(button.dataset.youtube)}?autoplay=1&start=${from}`;
      player.allow = 'autoplay; fullscreen; encrypted-media';
      player.title = element.querySelector('.video-name').textContent;
      element.querySelector('.video-player').replaceChildren(player);
      player.focus();
    });
  }

  if (video) {
    remember();
  }
  const youtube = element.querySelector('[data-youtube]');
  if (youtube && !video) {
    offerYoutube(youtube);
  }
  offerTranscripts();
};
