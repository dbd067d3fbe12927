"use strict";

// Keeps a room page up to date: asks about once a second, sends buttons without leaving the page, moves on when the
// room is over.
(() => {
  const room = document.querySelector(".room");
  const token = room.dataset.token;
  const find = (selector) => room.querySelector(selector);
  const news = find(".news");
  let shown = "";
  let names = null;
  let leaving = false;

  const element = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.textContent = text;
    return node;
  };

  const showPeople = (people) => {
    find(".people").replaceChildren(
      ...people.map((person) => {
        const item = document.createElement("li");
        item.dataset.role = person.role;
        item.append(
          element("span", "name", person.me ? `${person.name} (you)` : person.name),
          element("span", "role", person.role.toLowerCase()),
        );
        if (person.hand) item.append(element("span", "raised", "Hand raised"));
        if (person.talking) item.append(element("span", "raised", "Talking"));
        return item;
      }),
    );
  };

  const showGuests = (guests) => {
    find(".waiting").hidden = guests.length === 0;
    find(".guests").replaceChildren(
      ...guests.map((guest) => {
        const item = document.createElement("li");
        const form = find("#guest").content.cloneNode(true);
        form.querySelector("[name=guest]").value = guest.id;
        item.append(element("span", "", guest.name), form);
        return item;
      }),
    );
  };

  const showChat = (lines) => {
    const list = find(".lines");
    if (list.children.length > lines.length) list.replaceChildren();
    for (const line of lines.slice(list.children.length)) {
      const item = document.createElement("li");
      if (line.sender) item.append(element("b", "", line.sender), " ");
      item.append(element("span", "", line.text));
      list.append(item);
      list.parentElement.scrollTop = list.scrollHeight;
    }
  };

  const showSwitch = (selector, on, words) => {
    const button = find(selector);
    if (!button) return;
    button.textContent = on ? words[1] : words[0];
    button.toggleAttribute("data-on", on);
  };

  const announce = (people) => {
    const now = people.map((person) => person.name);
    if (names) {
      const came = now.filter((name) => !names.includes(name));
      const left = names.filter((name) => !now.includes(name));
      const words = [...came.map((name) => `${name} came in.`), ...left.map((name) => `${name} left.`)];
      if (words.length) news.textContent = words.slice(0, 3).join(" ");
    }
    names = now;
  };

  const show = (state) => {
    if (state.over) {
      leaving = true;
      location.replace(state.go_to);
      return;
    }
    if (room.dataset.lost) {
      delete room.dataset.lost;
      news.textContent = "";
    }
    const text = JSON.stringify(state);
    if (text === shown) return;
    shown = text;
    find(".count").textContent = state.count;
    showPeople(state.people);
    showGuests(state.waiting);
    showChat(state.chat);
    showSwitch(".hand", state.hand, ["Raise hand", "Lower hand"]);
    showSwitch(".talk", state.talking, ["Talk", "Stop talking"]);
    showSwitch(".poll", state.poll !== "", ["Ask a yes or no question", "Close the poll"]);
    find(".question").hidden = state.poll !== "open";
    showSwitch(".record", state.recording, ["Start recording", "Stop recording"]);
    find(".recording").hidden = !state.recording;
    announce(state.people);
  };

  const lost = () => {
    room.dataset.lost = "yes";
    news.textContent = "The room does not answer. This page keeps trying.";
  };

  const ask = async (path, options) => {
    const answer = await fetch(path, { ...options, headers: { Accept: "application/json", "X-Session-Token": token } });
    if (answer.status === 401) location.reload();
    else if (answer.ok) show(await answer.json());
    else throw new Error(`status ${answer.status}`);
  };

  const keepAsking = async () => {
    if (leaving) return;
    try {
      await ask("state");
    } catch {
      lost();
    }
    setTimeout(keepAsking, 1000);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-quiet")) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    if (form.classList.contains("say-form")) form.reset();
    ask(form.getAttribute("action"), { method: "POST", body }).catch(lost);
  });

  // Closing the tab is leaving, after the server's minute of grace; a reload comes back in time.
  addEventListener("pagehide", () => {
    if (!leaving) navigator.sendBeacon("away", new URLSearchParams({ sessionToken: token }));
  });

  keepAsking();
})();
