# For the SDK's own tests.
greeting = Hello { $name }
