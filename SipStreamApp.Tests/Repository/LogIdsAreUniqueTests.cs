using System.Reflection;
using Microsoft.Extensions.Logging;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>An operator who filters or alarms by an event id must get one message, not two.</summary>
public class LogIdsAreUniqueTests
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void EventIds_NameOneMessageEach()
    {
        var messages = (from assembly in new[] { typeof(AppHost).Assembly, typeof(MediaEngine).Assembly }
                        from type in assembly.GetTypes()
                        from method in type.GetMethods(All)
                        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
                        where message is not null
                        select (Id: message.EventId, Where: $"{type.FullName}.{method.Name}")).ToArray();
        Assert.True(messages.Length > 10, "The messages were not found.");
        Assert.DoesNotContain(messages, m => m.Id <= 0);
        Assert.Empty(messages.GroupBy(m => m.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Where))}"));
    }
}
