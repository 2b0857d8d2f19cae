// Running clocks count down on the page. app.js shows what this says, and the lists that poll listen to it.
// The server says the business seconds that are left and leaves data-left away while a clock stands.
// data-closes: the seconds until nobody works any more; there a clock stops, and the page asks the server again.
const DAY = 86400;
const SECONDS_SHOWN_BELOW = 300;
const known = new WeakMap();

function words(left, prefix) {
  const size = Math.floor(Math.abs(left));
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor((size % 3600) / 60);
  const two = (number) => String(number).padStart(2, "0");
  let time = hours ? `${hours} h ${two(minutes)} m` : `${minutes} m`;
  if (size < SECONDS_SHOWN_BELOW) time = minutes ? `${minutes} m ${two(size % 60)} s` : `${size} s`;
  if (left < 0) return `${time} late`;
  return prefix ? `${prefix} ${time}` : `${time} left`;
}

function tick() {
  const now = performance.now();
  for (const clock of document.querySelectorAll("[data-left]")) {
    let start = known.get(clock);
    if (start?.said !== clock.dataset.left) {
      start = { said: clock.dataset.left, at: now };
      known.set(clock, start);
    }
    const gone = (now - start.at) / 1000;
    const closes = Number(clock.dataset.closes ?? Infinity);
    const left = Number(start.said) - Math.min(gone, closes);
    if (gone > closes && !start.closed) {
      start.closed = true;
      tell("catch-up");
    }
    if (Math.abs(left) >= DAY) continue; // days depend on the calendar: the server's words stand
    const text = words(left, clock.dataset.prefix);
    if (clock.textContent !== text) clock.textContent = text;
    if (left < 0 && Number(start.said) >= 0 && !start.over) ranOut(clock, start);
  }
}

function ranOut(clock, start) {
  start.over = true;
  if (clock.dataset.name) tell("toast", { text: `${clock.dataset.name} is over the time` });
  tell("catch-up");
}

const tell = (name, detail = {}) => document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

document.addEventListener("htmx:afterSettle", tick); // what came in says its first second at once
tick();
setInterval(tick, 1000);
