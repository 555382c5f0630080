using SipStreamApp.Media.Push;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

public class PushTargetTests
{
    [Theory]
    [InlineData("rtmps://a.rtmps.youtube.com/live2/abcd-efgh", "rtmps://a.rtmps.youtube.com/live2", "abcd-efgh")]
    [InlineData("rtmp://host:1935/app/inst/key?token=1&x=2", "rtmp://host:1935/app/inst", "key?token=1&x=2")]
    [InlineData("rtmp://host/app", "rtmp://host/app", "")]
    [InlineData("rtmp://host/app/", "rtmp://host/app/", "")]
    [InlineData("rtmp://host", "rtmp://host", "")]
    [InlineData("srt://host:9000?streamid=abc&passphrase=0123456789", "srt://host:9000", "streamid=abc&passphrase=0123456789")]
    [InlineData("srt://host:9000", "srt://host:9000", "")]
    [InlineData("rtsp://host/cam/one", "rtsp://host/cam/one", "")]
    [InlineData("no address", "no address", "")]
    public void Split_TakesTheKeyOut_AndJoinPutsItBack(string url, string address, string key)
    {
        Assert.Equal((address, key), PushTarget.Split(url));
        Assert.Equal(url, PushTarget.Join(address, key));
    }

    [Theory]
    [InlineData("rtmp://host/app/", "key", "rtmp://host/app/key")]
    [InlineData("rtsp://host/cam", "one", "rtsp://host/cam/one")]
    [InlineData("srt://host:9000", "?streamid=a", "srt://host:9000?streamid=a")]
    public void Join_WhateverTheEnds_IsOneAddress(string address, string key, string url) => Assert.Equal(url, PushTarget.Join(address, key));
}
