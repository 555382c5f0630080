#!/bin/sh
# Builds the embedded media of SipStreamApp.Media/Codecs/Demo: the looping demo clip and the still picture.
# Needs ffmpeg (libx264, libvpx, libopus) and python3. The results are committed; run it only to change them.
set -eu
cd "$(dirname "$0")/.."
out=SipStreamApp.Media/Codecs/Demo
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
ff="ffmpeg -hide_banner -loglevel error -y -threads 1"
font=/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf
mono=/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf

# Picture: colour bars, a sweep that comes round once in 4 s, a clock, and a lamp (top right) that lights for two frames
# on every full second, together with the beep. Everything has a period of 4 s, so the loop has no seam.
clock="geq=lum='if(lt(hypot(X-48,Y-48),45),if(lt(mod(atan2(X-48,48-Y)+2*PI,2*PI),2*PI*mod(T,4)/4),220,50),if(lt(hypot(X-48,Y-48),47),235,16))':cb=128:cr=128"
# A flowing pattern with a little noise: makes frames of a real camera's size, several packets each.
plasma="geq=lum='128+50*sin(X/23+2*PI*T/4)+50*sin((X+Y)/31-2*PI*T/2)':cb='128+60*sin(Y/19+2*PI*T/4)':cr='128+60*sin((X-Y)/37+2*PI*T/2)',noise=alls=14:allf=t"
text="null"
if [ -f "$font" ] && [ -f "$mono" ]; then
  text="drawtext=fontfile=$font:text='SipStreamApp demo':fontcolor=white:fontsize=34:x=24:y=26:shadowcolor=black@0.6:shadowx=2:shadowy=2"
  text="$text,drawtext=fontfile=$mono:text='%{eif\:floor(t+0.001)\:d}.%{eif\:mod(floor((t+0.001)*25)\,25)*4\:d\:2} s':fontcolor=white:fontsize=26:x=24:y=h-46:box=1:boxcolor=black@0.55:boxborderw=8"
fi
$ff -f lavfi -i "smptehdbars=s=640x360:r=25:d=4" -f lavfi -i "color=c=white:s=4x360:r=25:d=4" -f lavfi -i "color=c=black:s=96x96:r=25:d=4" -f lavfi -i "color=c=black:s=400x90:r=25:d=4" \
  -filter_complex "[2:v]format=yuv420p,$clock[clock];[3:v]format=yuv420p,$plasma[plasma];[0:v]format=yuv420p[bars];\
[bars][plasma]overlay=x=110:y=180[p];[p][1:v]overlay=x='mod(t\,4)/4*640':y=0:eval=frame[a];\
[a][clock]overlay=x=520:y=240[b];[b]drawbox=x=536:y=24:w=80:h=80:color=black:t=fill,drawbox=x=536:y=24:w=80:h=80:color=white:t=fill:enable='lt(mod(n\,25)\,2)',\
drawbox=x=536:y=24:w=80:h=80:color=gray:t=3,$text,format=yuv420p[v]" -map "[v]" -frames:v 100 \
  -c:v libx264 -profile:v baseline -level 3.0 -preset veryslow -b:v 420k -maxrate 700k -bufsize 500k \
  -x264-params "keyint=50:min-keyint=50:scenecut=0:bframes=0:slices=1:sliced-threads=0:threads=1:repeat-headers=1" -f h264 "$tmp/clip.h264"

# Sound: 80 ms of 1 kHz on every full second, a soft 440 Hz otherwise. Encoded over three rounds, of which the middle one is kept,
# so that the coder's memory fits at the seam. 312 samples ahead: the delay of the Opus coder, which RTP receivers do not take off.
$ff -f lavfi -i "aevalsrc='if(lt(mod(t+312/48000,1),0.08),0.5*sin(2*PI*1000*(t+312/48000)),0.1*sin(2*PI*440*(t+312/48000)))':s=48000:d=12" \
  -ac 1 -c:a libopus -b:a 40k -vbr on -application audio -frame_duration 20 -f ogg "$tmp/clip.ogg"

# The still picture: two key frames each, so that two in a row differ in idr_pic_id as H.264 section 7.4.3 demands.
still="color=c=0x1b2430:s=320x180:r=25:d=1"
stilltext="null"
[ -f "$font" ] && stilltext="drawtext=fontfile=$font:text='SipStreamApp':fontcolor=0x8fa3b8:fontsize=24:x=(w-tw)/2:y=(h-th)/2"
$ff -f lavfi -i "$still" -vf "$stilltext,format=yuv420p" -frames:v 2 -c:v libx264 -profile:v baseline -level 3.0 -preset veryslow -crf 30 \
  -x264-params "keyint=1:bframes=0:slices=1:sliced-threads=0:threads=1:repeat-headers=1" -f h264 "$tmp/still.h264"
$ff -f lavfi -i "$still" -vf "$stilltext,format=yuv420p" -frames:v 1 -c:v libvpx -crf 40 -qmin 36 -b:v 200k -g 1 -f ivf "$tmp/still.ivf"

python3 tools/pack-demo-clip.py "$tmp" "$out"
ls -l "$out"/*.bin
