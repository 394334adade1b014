// Sends the frame of the live video that is on screen with the form; without one the hub takes its newest still.

const form = document.querySelector("[data-finding-start]");

async function frameOf(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  return blob && new File([blob], "bingkai.jpg", { type: "image/jpeg" });
}

form?.addEventListener("submit", async (event) => {
  const video = document.querySelector(".live-view.is-live video");
  if (!video?.videoWidth || form.dataset.isReady) return;
  event.preventDefault();
  const file = await frameOf(video);
  if (file) {
    const held = new DataTransfer();
    held.items.add(file);
    form.elements.bingkai.files = held.files;
  }
  form.dataset.isReady = "yes";
  form.submit();
});
