"""Real sound and video for tests, recorded when they run: by the encoder of the test group, a program in a wheel."""

import subprocess
import tempfile
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

SECONDS = 3
_VIDEO = ("-f", "lavfi", "-i", f"testsrc=size=320x180:rate=10:duration={SECONDS}")
_SOUND = ("-f", "lavfi", "-i", f"sine=duration={SECONDS}")
# Each kind as phones and editors save it: the index of an MP4 stands at its end.
KINDS = {
    "mp4": (*_VIDEO, *_SOUND, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    "webm": (*_VIDEO, *_SOUND, "-c:v", "libvpx", "-c:a", "libopus"),
    "mp3": (*_SOUND, "-c:a", "libmp3lame"),
    "m4a": (*_SOUND, "-c:a", "aac"),
    "ogg": (*_SOUND, "-c:a", "libvorbis"),
    "opus": (*_SOUND, "-c:a", "libopus"),
}


def record(path: Path, *options: str) -> None:
    """Writes what the options ask of the encoder; the name's ending tells the container."""
    subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", *options, str(path)], stdin=subprocess.DEVNULL, check=True)


def recorded(kind: str) -> bytes:
    """Three seconds of a test picture and a tone; a tone alone where the kind is of sound."""
    with tempfile.TemporaryDirectory(prefix="eios-recording-") as folder:
        path = Path(folder) / f"a.{kind}"
        record(path, *KINDS[kind])
        return path.read_bytes()


def record_long(path: Path, size: int) -> None:
    """A video of about so many bytes, some minutes of 300 MB: ten seconds of noise over and over."""
    noise = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=10,noise=alls=60:allf=t")
    lesson = path.with_stem(f"{path.stem}-once")
    record(lesson, *noise, "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-g", "25", "-pix_fmt", "yuv420p")
    record(path, "-stream_loop", "-1", "-i", str(lesson), "-c", "copy", "-fs", str(size))
