// The admin's screen was scanned: the code stands behind the #, where no server sees it.

const code = decodeURIComponent(location.hash.slice(1));
if (/^[\w-]{12,20}$/.test(code)) {
  document.getElementById("code").value = code;
  history.replaceState(null, "", location.pathname);
}
