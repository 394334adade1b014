// Draws a photo smaller before it is sent: telephones make them of many megabytes, the city needs none.

const SIDE_PX = 1600;
const QUALITY = 0.8;
const SMALL_BYTES = 500_000;
const MOST_BYTES = { photo: 8 * 1024 * 1024, "application/pdf": 2 * 1024 * 1024 };

async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], "lampiran.jpg", { type: "image/jpeg" }) : file;
}

async function shrink(input) {
  const file = input.files[0];
  if (!file || file.size < SMALL_BYTES || !file.type.startsWith("image/")) return;
  try {
    const held = new DataTransfer();
    held.items.add(await shrunk(file));
    if (input.files[0] === file) input.files = held.files; // unless another was chosen meanwhile
  } catch (error) {
    console.info(String(error)); // a picture this browser cannot open: the hub says what it takes
  }
}

async function prepare(input) {
  const button = input.form.querySelector("button");
  button.disabled = true;
  input.setCustomValidity("");
  try {
    await shrink(input);
  } finally {
    button.disabled = false;
  }
  const file = input.files[0];
  const isTooLarge = file && file.size > (MOST_BYTES[file.type] ?? MOST_BYTES.photo);
  input.setCustomValidity(isTooLarge ? input.dataset.shrinks : "");
  if (isTooLarge) input.reportValidity();
}

for (const input of document.querySelectorAll("[data-shrinks]")) {
  input.addEventListener("change", () => prepare(input));
}
