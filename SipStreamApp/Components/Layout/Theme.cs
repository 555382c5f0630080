using MudBlazor;

namespace SipStreamApp.Components.Layout;

/// <summary>MudBlazor in the program's own colours; the same values stand as --ssa-* in app.css.</summary>
internal static class Theme
{
    private static readonly string[] Sans = ["Inter", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Value { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Black = "#0E1116", Background = "#0E1116", BackgroundGray = "#0E1116", Surface = "#1C232C", DrawerBackground = "#151A21", AppbarBackground = "#151A21",
            TextPrimary = "#E6EAF0", TextSecondary = "#9AA6B6", TextDisabled = "#828EA0", ActionDefault = "#9AA6B6", ActionDisabled = "#828EA0",
            ActionDisabledBackground = "#222A34", Primary = "#4FD1C0", PrimaryContrastText = "#06201C", Secondary = "#6FB1FF", SecondaryContrastText = "#06182E",
            Success = "#3DD68C", SuccessContrastText = "#052012", Warning = "#F5B740", WarningContrastText = "#2A1C00", Error = "#FF7A7A",
            ErrorContrastText = "#2B0608", Info = "#6FB1FF", InfoContrastText = "#06182E", LinesDefault = "#2A313C", LinesInputs = "#667284", Divider = "#2A313C",
            TableLines = "#2A313C", OverlayDark = "rgba(5,7,10,.6)",
        },
        PaletteLight = new PaletteLight
        {
            Black = "#161B22", Background = "#F6F7F9", BackgroundGray = "#F6F7F9", Surface = "#FFFFFF", DrawerBackground = "#FFFFFF", AppbarBackground = "#FFFFFF",
            AppbarText = "#161B22", TextPrimary = "#161B22", TextSecondary = "#556170", TextDisabled = "#556170", ActionDefault = "#556170", ActionDisabled = "#556170",
            ActionDisabledBackground = "#E9ECF0", Primary = "#0B7A6E", PrimaryContrastText = "#FFFFFF", Secondary = "#1D5FBF", SecondaryContrastText = "#FFFFFF",
            Success = "#137A4B", SuccessContrastText = "#FFFFFF", Warning = "#8F5B00", WarningContrastText = "#FFFFFF", Error = "#B42330",
            ErrorContrastText = "#FFFFFF", Info = "#1D5FBF", InfoContrastText = "#FFFFFF", LinesDefault = "#E1E5EA", LinesInputs = "#7A8493", Divider = "#E1E5EA",
            TableLines = "#E1E5EA",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "0.875rem", LineHeight = "1.45" },
            Button = new ButtonTypography { FontFamily = Sans, FontSize = "0.875rem", FontWeight = "600", TextTransform = "none", LetterSpacing = "0" },
        },
    };
}
