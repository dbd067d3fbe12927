"use strict";

// Asks every second whether a waiting guest may come in.
(() => {
  const lobby = document.querySelector(".lobby");
  const { ask, token } = lobby.dataset;
  const answer = lobby.querySelector(".answer");
  const words = {
    guestDeny: lobby.querySelector(".turned-away").textContent,
    seatWait: lobby.querySelector(".full").textContent,
  };
  const address = `${ask}?${new URLSearchParams({ sessionToken: token, redirect: "false" })}`;

  const keepAsking = async () => {
    try {
      const reply = await (await fetch(address)).json();
      if (reply.over) return location.replace(reply.go_to);
      const { messageKey, url } = reply.response;
      if (messageKey === "") return location.replace(url);
      if (messageKey === "missingSession") return location.reload();
      if (words[messageKey] && answer.textContent !== words[messageKey]) answer.textContent = words[messageKey];
      if (messageKey === "guestDeny") return undefined;
    } catch {
      // The server may be back in a second.
    }
    return setTimeout(keepAsking, 1000);
  };

  keepAsking();
})();
